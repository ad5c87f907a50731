using System.Diagnostics;

namespace Ser.Chaos;

/// <summary>An entry of the timeline.</summary>
/// <param name="At">Seconds since the start.</param>
/// <param name="Kind">The kind of the fault, or exit, sweep, phase or verdict.</param>
/// <param name="What">A description.</param>
internal sealed record TimelineEntry(double At, string Kind, string What);

/// <summary>Records what happens when: on standard error at once, and for the verdict.</summary>
internal sealed class Timeline
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<TimelineEntry> _moments = [];
    private readonly Lock _lock = new();

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>The entries so far.</summary>
    public IReadOnlyList<TimelineEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _moments];
            }
        }
    }

    /// <summary>Adds an entry.</summary>
    public void Add(string kind, string what)
    {
        lock (_lock)
        {
            var time = new TimelineEntry(Math.Round(Elapsed.TotalSeconds, 1), kind, what);
            _moments.Add(time);
            Console.Error.WriteLine(FormattableString.Invariant($"{time.At,7:0.0} s  {kind,-18} {what}"));
        }
    }
}
