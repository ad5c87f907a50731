using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Telemetry;

namespace Ser.Scheduler;

/// <summary>Looks at offered results: whole ones are accepted and their dependants released, a damaged one is charged.</summary>
public sealed class Acceptance(IJobStore jobs, IArtifactStore artifacts, TimeProvider clock, ILogger<Acceptance> log)
{
    private const int Batch = 16;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(50);
    private static readonly ParallelOptions Together = new() { MaxDegreeOfParallelism = 8 };
    private readonly Lock one = new();
    private int gathering;

    /// <summary>Looks at every offered result that nobody has looked at.</summary>
    /// <returns>How many were accepted.</returns>
    public int RunOnce()
    {
        lock (one)
        {
            return jobs.Offered().Chunk(Batch).Sum(Look);
        }
    }

    /// <summary>The same in a moment, for results that come close together.</summary>
    /// <returns>False where somebody else is about to.</returns>
    public async Task<bool> RunSoonAsync(CancellationToken stop)
    {
        if (Interlocked.Exchange(ref gathering, 1) == 1)
        {
            return false;
        }

        try
        {
            await Task.Delay(Moment, clock, stop);
        }
        finally
        {
            Volatile.Write(ref gathering, 0);
        }

        RunOnce();
        return true;
    }

    private int Look(IReadOnlyList<OfferedResult> offered)
    {
        using var span = Traces.Acceptance(offered);
        var damages = new ConcurrentDictionary<OfferedResult, string>();
        InParallel(offered, result =>
        {
            if (artifacts.Verify(result) is { } damage)
            {
                damages[result] = damage;
            }
        });
        foreach (var (result, damage) in damages)
        {
            log.LogWarning("{Stage} {Job}, attempt {Attempt}: {Damage}", result.Stage, result.JobId, result.Attempt, damage);
            jobs.Reject(result, damage);
        }

        var accepted = jobs.Accept([.. offered.Where(result => !damages.ContainsKey(result))]);
        var kept = jobs.CheckpointsOf([.. accepted.Select(result => result.JobId)]);
        InParallel(accepted, result => artifacts.RemoveCheckpoints(result.JobId, keep: kept.GetValueOrDefault(result.JobId)));
        span.End($"{accepted.Count} accepted, {damages.Count} damaged", failed: !damages.IsEmpty);
        return accepted.Count;
    }

    // The first failure is thrown as it is: whoever runs this waits for a store that is away.
    private static void InParallel<T>(IReadOnlyList<T> items, Action<T> work)
    {
        if (items.Count == 1)
        {
            work(items[0]);
            return;
        }

        try
        {
            Parallel.ForEach(items, Together, work);
        }
        catch (AggregateException several)
        {
            throw several.InnerExceptions[0];
        }
    }
}
