namespace Ser.Worker;

/// <summary>
/// Whether an attempt still makes steps. The clock stands still while a store is away and while inputs and results travel, which may take any time and are the stores' affair.
/// </summary>
/// <param name="after">Without a step for so long it has stalled.</param>
/// <param name="clock">Time.</param>
internal sealed class StallWatch(TimeSpan after, TimeProvider clock)
{
    private readonly Lock one = new();
    private long since = clock.GetTimestamp();
    private long step = -1;
    private int suspended;

    /// <summary>The counter stands there now.</summary>
    internal void Step(long now)
    {
        lock (one)
        {
            if (now != step)
            {
                step = now;
                since = clock.GetTimestamp();
            }
        }
    }

    /// <summary>Something else than the job takes the time: the clock starts again.</summary>
    internal void Excuse()
    {
        lock (one)
        {
            since = clock.GetTimestamp();
        }
    }

    /// <summary>What travels while <paramref name="work"/> runs is not the job's.</summary>
    internal T Aside<T>(Func<T> work)
    {
        Interlocked.Increment(ref suspended);
        try
        {
            return work();
        }
        finally
        {
            Excuse();
            Interlocked.Decrement(ref suspended);
        }
    }

    /// <summary>Whether it has stalled.</summary>
    internal bool HasStalled()
    {
        lock (one)
        {
            return Volatile.Read(ref suspended) == 0 && clock.GetElapsedTime(since) >= after;
        }
    }

    /// <summary>In words.</summary>
    internal string Why => FormattableString.Invariant($"no step for {after.TotalSeconds:0.#} s (farm.stallAfter)");
}
