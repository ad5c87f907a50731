namespace Ser.Worker;

/// <summary>
/// Tells whether an attempt still makes steps. The time does not count while a store is unavailable or while inputs and results are
/// transferred, since a transfer may take any time.
/// </summary>
/// <param name="after">The attempt has stalled after this long without a step.</param>
/// <param name="clock">Measures the time.</param>
internal sealed class StallWatch(TimeSpan after, TimeProvider clock)
{
    private readonly Lock gate = new();
    private long lastProgress = clock.GetTimestamp();
    private long lastStep = -1;
    private int suspended;

    /// <summary>Notes the step counter; the time restarts if it has changed.</summary>
    internal void ReportStep(long step)
    {
        lock (gate)
        {
            if (step != lastStep)
            {
                lastStep = step;
                lastProgress = clock.GetTimestamp();
            }
        }
    }

    /// <summary>Restarts the time, because something other than the job caused the delay.</summary>
    internal void Restart()
    {
        lock (gate)
        {
            lastProgress = clock.GetTimestamp();
        }
    }

    /// <summary>Suspends the watch while <paramref name="work"/> runs.</summary>
    internal T RunSuspended<T>(Func<T> work)
    {
        Interlocked.Increment(ref suspended);
        try
        {
            return work();
        }
        finally
        {
            Restart();
            Interlocked.Decrement(ref suspended);
        }
    }

    /// <summary>Whether the attempt has made no step for too long.</summary>
    internal bool HasStalled()
    {
        lock (gate)
        {
            return Volatile.Read(ref suspended) == 0 && clock.GetElapsedTime(lastProgress) >= after;
        }
    }

    /// <summary>The reason for the job's log.</summary>
    internal string Reason => FormattableString.Invariant($"no step for {after.TotalSeconds:0.#} s (farm.stallAfter)");
}
