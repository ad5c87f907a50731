using System.Globalization;
using Ser.Results.Status;

namespace Ser.Cli.Predictions;

/// <summary>How far labelling is, on standard error: one line that is written again on a terminal, a line now and then elsewhere.</summary>
internal sealed class PredictionProgress(int asked, TimeProvider clock)
{
    private static readonly TimeSpan PlainEvery = TimeSpan.FromSeconds(15);
    private readonly bool terminal = !Console.IsErrorRedirected;
    private readonly long begun = clock.GetTimestamp();
    private long last = clock.GetTimestamp();
    private int width;

    /// <summary>After each recording.</summary>
    internal void Show(int done, int skipped)
    {
        if (clock.GetElapsedTime(last) < (terminal ? TimeSpan.FromSeconds(0.2) : PlainEvery) || done == asked)
        {
            return;
        }

        last = clock.GetTimestamp();
        var elapsed = clock.GetElapsedTime(begun);
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{done}/{asked} recordings{(skipped > 0 ? $", {skipped} skipped" : "")}, {done / elapsed.TotalSeconds:0.0}/s, about {ProgressText.Short(elapsed * ((double)(asked - done) / done))} left");
        if (!terminal)
        {
            Output.Say(line);
            return;
        }

        Console.Error.Write($"\r{line.PadRight(width)}");
        width = line.Length;
    }

    /// <summary>Something that stays, in place of the line.</summary>
    internal void Say(string text)
    {
        Clear();
        Output.Say(text);
    }

    /// <summary>Takes the line away.</summary>
    internal void Clear()
    {
        if (width > 0)
        {
            Console.Error.Write($"\r{new string(' ', width)}\r");
            width = 0;
        }
    }
}
