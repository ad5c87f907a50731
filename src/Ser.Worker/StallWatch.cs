namespace Ser.Worker;

/// <summary>
/// Tells whether an attempt still makes steps. The time does not count while a store is unavailable or while inputs and results are
/// transferred, since a transfer may take any time.
/// </summary>
/// <param name="after">The attempt has stalled after this long without a step.</param>
/// <param name="clock">Measures the time.</param>
internal sealed class StallWatch(TimeSpan after, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private long _lastProgress = clock.GetTimestamp();
    private long _lastStep = -1;
    private int _suspended;

    /// <summary>Notes the step counter; the time restarts if it has changed.</summary>
    internal void ReportStep(long step)
    {
        lock (_gate)
        {
            if (step != _lastStep)
            {
                _lastStep = step;
                _lastProgress = clock.GetTimestamp();
            }
        }
    }

    /// <summary>Restarts the time, because something other than the job caused the delay.</summary>
    internal void Restart()
    {
        lock (_gate)
        {
            _lastProgress = clock.GetTimestamp();
        }
    }

    /// <summary>Suspends the watch while <paramref name="work"/> runs.</summary>
    internal T RunSuspended<T>(Func<T> work)
    {
        Interlocked.Increment(ref _suspended);
        try
        {
            return work();
        }
        finally
        {
            Restart();
            Interlocked.Decrement(ref _suspended);
        }
    }

    /// <summary>Whether the attempt has made no step for too long.</summary>
    internal bool HasStalled()
    {
        lock (_gate)
        {
            return Volatile.Read(ref _suspended) == 0 && clock.GetElapsedTime(_lastProgress) >= after;
        }
    }

    /// <summary>The reason for the job's log.</summary>
    internal string Reason => FormattableString.Invariant($"no step for {after.TotalSeconds:0.#} s (farm.stallAfter)");
}
