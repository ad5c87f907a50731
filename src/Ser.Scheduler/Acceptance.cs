using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Telemetry;

namespace Ser.Scheduler;

/// <summary>
/// Verifies completed results: intact ones are accepted and their dependants unblocked, damaged ones are charged as faults.
/// </summary>
public sealed class Acceptance(
    IResultAcceptance results,
    IArtifactStore artifacts,
    SchedulerTimings timings,
    TimeProvider clock,
    ILogger<Acceptance> log)
{
    private const int BatchSize = 16;
    private static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = 8 };
    private readonly Lock _runLock = new();
    private int _isScheduled;

    /// <summary>Verifies all completed results that are pending.</summary>
    /// <returns>Number of accepted results.</returns>
    public int RunOnce()
    {
        lock (_runLock)
        {
            return results.CompletedResults().Chunk(BatchSize).Sum(VerifyAndAccept);
        }
    }

    /// <summary>
    /// Runs once after a short delay, so that results that are completed at nearly the same time are handled in one batch.
    /// </summary>
    /// <returns>False if another call is already waiting, which will handle this one's results too.</returns>
    public async Task<bool> RunSoonAsync(CancellationToken stop)
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 1)
        {
            return false;
        }

        try
        {
            await Task.Delay(timings.AcceptanceDelay, clock, stop);
        }
        finally
        {
            Volatile.Write(ref _isScheduled, 0);
        }

        RunOnce();
        return true;
    }

    private int VerifyAndAccept(IReadOnlyList<JobResult> completed)
    {
        using var span = Traces.StartAcceptance(completed);
        var damaged = new ConcurrentDictionary<JobResult, string>();
        InParallel(completed, result =>
        {
            if (artifacts.Verify(result) is { } damage)
            {
                damaged[result] = damage;
            }
        });
        foreach (var (result, damage) in damaged)
        {
            log.LogWarning("{Stage} {Job}, attempt {Attempt}: {Damage}", result.Stage, result.JobId, result.Attempt, damage);
            results.Reject(result, damage);
        }

        var accepted = results.Accept([.. completed.Where(result => !damaged.ContainsKey(result))]);
        var latest = results.LatestCheckpoints([.. accepted.Select(result => result.JobId)]);
        InParallel(accepted, result => artifacts.RemoveCheckpoints(result.JobId, keep: latest.GetValueOrDefault(result.JobId)));
        span.SetOutcome($"{accepted.Count} accepted, {damaged.Count} damaged", failed: !damaged.IsEmpty);
        return accepted.Count;
    }

    // The first exception is rethrown without its AggregateException, because callers handle a StorageException.
    private static void InParallel<T>(IReadOnlyList<T> items, Action<T> work)
    {
        if (items.Count == 1)
        {
            work(items[0]);
            return;
        }

        try
        {
            Parallel.ForEach(items, Parallelism, work);
        }
        catch (AggregateException several)
        {
            throw several.InnerExceptions[0];
        }
    }
}
