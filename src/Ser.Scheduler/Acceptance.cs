using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Telemetry;

namespace Ser.Scheduler;

/// <summary>
/// Verifies completed results: intact ones are accepted and their dependants unblocked. One that is damaged or cannot be read is verified
/// again, after pauses that grow, while the others go on; if it stays so, it is rejected, and its job runs again.
/// </summary>
public sealed class Acceptance(
    IResultAcceptance results,
    IArtifactStore artifacts,
    FailureIsolation isolation,
    SchedulerTimings timings,
    TimeProvider clock,
    ILogger<Acceptance> log)
{
    private const int BatchSize = 16;
    private static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = 8 };
    private readonly Lock _runLock = new();
    private readonly ConcurrentDictionary<JobResult, long> _unverifiedSince = new();
    private int _isScheduled;

    /// <summary>Verifies all completed results that are pending.</summary>
    /// <returns>Number of accepted results.</returns>
    /// <exception cref="StorageException">A store is unavailable.</exception>
    public int RunOnce()
    {
        lock (_runLock)
        {
            var completed = results.CompletedResults();
            foreach (var gone in _unverifiedSince.Keys.Except(completed))
            {
                _unverifiedSince.TryRemove(gone, out _);
            }

            return completed.Chunk(BatchSize).Sum(VerifyAndAccept);
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
        var intact = new ConcurrentBag<JobResult>();
        InParallel(completed, result =>
        {
            isolation.Run("result", NameOf(result), () =>
            {
                if (IsIntact(result))
                {
                    intact.Add(result);
                }
            });
        });
        var accepted = results.Accept([.. intact]);
        var latest = results.LatestCheckpoints([.. accepted.Select(result => result.JobId)]);
        InParallel(accepted, result => artifacts.RemoveCheckpoints(result.JobId, keep: latest.GetValueOrDefault(result.JobId)));
        foreach (var result in intact)
        {
            _unverifiedSince.TryRemove(result, out _);
        }

        int unverified = completed.Count - intact.Count;
        span.SetOutcome($"{accepted.Count} accepted, {unverified} not verified", failed: unverified > 0);
        return accepted.Count;
    }

    // Throws if the result is not intact, so that it is set aside and verified again later. Rejects it after the limit.
    private bool IsIntact(JobResult result)
    {
        if (FindProblem(result) is not { } problem)
        {
            return true;
        }

        long since = _unverifiedSince.GetOrAdd(result, _ => clock.GetTimestamp());
        if (clock.GetElapsedTime(since) < timings.UnreadableResultLimit)
        {
            throw new InvalidDataException(problem);
        }

        log.LogWarning("{Stage} {Job}, attempt {Attempt} is rejected: {Problem}", result.Stage, result.JobId, result.Attempt, problem);
        results.Reject(result, problem);
        _unverifiedSince.TryRemove(result, out _);
        return false;
    }

    private string? FindProblem(JobResult result)
    {
        try
        {
            return artifacts.Verify(result);
        }
        catch (StorageException unreadable)
        {
            // Throws if the whole store is away, which is an outage and says nothing about this result.
            artifacts.RequireAvailable();
            return unreadable.Message;
        }
    }

    private static string NameOf(JobResult result) =>
        FormattableString.Invariant($"{result.Stage} {result.JobId}, attempt {result.Attempt}");

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
