using System.Globalization;
using Ser.Results.Status;
using Ser.Server;

namespace Ser.Cli.Predictions;

/// <summary>Progress of labelling, on standard error: one line that is rewritten on a terminal, a line now and then elsewhere.</summary>
internal sealed class PredictionProgress(int requested, TimeProvider clock)
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(15);
    private readonly bool _terminal = !Console.IsErrorRedirected;
    private readonly long _begun = clock.GetTimestamp();
    private long _last = clock.GetTimestamp();
    private int _width;

    /// <summary>Called after each recording.</summary>
    internal void Show(int done, int skipped)
    {
        bool isTooSoon = clock.GetElapsedTime(_last) < (_terminal ? TerminalInterval : PlainInterval);
        if (isTooSoon || done == requested)
        {
            return;
        }

        _last = clock.GetTimestamp();
        string line = Line(done, skipped, clock.GetElapsedTime(_begun));
        if (!_terminal)
        {
            Output.WriteMessage(line);
            return;
        }

        Console.Error.Write($"\r{line.PadRight(_width)}");
        _width = line.Length;
    }

    private string Line(int done, int skipped, TimeSpan elapsed)
    {
        string skippedPart = skipped > 0 ? $", {skipped} skipped" : "";
        string remaining = ProgressText.FormatDuration(elapsed * ((double)(requested - done) / done));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{done}/{requested} recordings{skippedPart}, {done / elapsed.TotalSeconds:0.0}/s, about {remaining} left");
    }

    /// <summary>Prints a message that stays, in place of the progress line.</summary>
    internal void WriteMessage(string text)
    {
        Clear();
        Output.WriteMessage(text);
    }

    /// <summary>Removes the progress line.</summary>
    internal void Clear()
    {
        if (_width > 0)
        {
            Console.Error.Write($"\r{new string(' ', _width)}\r");
            _width = 0;
        }
    }
}
