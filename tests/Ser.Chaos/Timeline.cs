using System.Diagnostics;

namespace Ser.Chaos;

/// <summary>One line of what happened.</summary>
/// <param name="At">Seconds since the start.</param>
/// <param name="Kind">Of the fault; or exit, sweep, phase.</param>
/// <param name="What">In words.</param>
internal sealed record Moment(double At, string Kind, string What);

/// <summary>What happened when. Said on standard error as it happens, and kept for the verdict.</summary>
internal sealed class Timeline
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly List<Moment> _moments = [];
    private readonly Lock _one = new();

    /// <summary>Since the start.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <summary>So far.</summary>
    public IReadOnlyList<Moment> Moments
    {
        get
        {
            lock (_one)
            {
                return [.. _moments];
            }
        }
    }

    /// <summary>Adds a line.</summary>
    public void Say(string kind, string what)
    {
        lock (_one)
        {
            var moment = new Moment(Math.Round(Elapsed.TotalSeconds, 1), kind, what);
            _moments.Add(moment);
            Console.Error.WriteLine(FormattableString.Invariant($"{moment.At,7:0.0} s  {kind,-18} {what}"));
        }
    }
}
