using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Scheduler.Recurring;

/// <summary>
/// Result of the upkeep: deleted checkpoints of done jobs, results of attempts that were not accepted, and partial files whose process
/// ended.
/// </summary>
/// <param name="Checkpoints">Ids of the jobs whose checkpoints were deleted.</param>
/// <param name="Attempts">Attempts whose files were deleted.</param>
/// <param name="Unfinished">Number of deleted partial files and uploads; null for a dry run.</param>
public sealed record UpkeepReport(IReadOnlyList<string> Checkpoints, IReadOnlyList<StoredAttempt> Attempts, int? Unfinished);

/// <summary>Retention times.</summary>
/// <param name="Leftovers">
/// Time after the end of an attempt for which its files are kept if its result was not accepted. Must be longer than any write takes.
/// </param>
public sealed record RetentionSettings(TimeSpan Leftovers)
{
    /// <summary>The default: one day.</summary>
    public static RetentionSettings Default { get; } = new(TimeSpan.FromDays(1));
}

/// <summary>
/// Deletes unused files. Files of jobs that the store does not know are kept, because they may belong to another store that shares the
/// artifacts.
/// </summary>
public sealed class Upkeep(
    ICheckpointReads recorded,
    IJobReads reads,
    IArtifactStore artifacts,
    RetentionSettings retention,
    TimeProvider clock,
    ILogger<Upkeep> log)
{
    private static readonly ParallelOptions Parallelism = new() { MaxDegreeOfParallelism = 8 };

    /// <summary>Runs the upkeep and logs the result. Called by a recurring job.</summary>
    public void RunOnce()
    {
        var report = Run(dry: false);
        log.LogInformation(
            "upkeep: deleted checkpoints of {Checkpoints} jobs, files of {Attempts} attempts that were not accepted, "
            + "{Unfinished} partial files or uploads",
            report.Checkpoints.Count, report.Attempts.Count, report.Unfinished);
    }

    /// <summary>Runs the upkeep.</summary>
    /// <param name="dry">Whether to report only what would be deleted.</param>
    public UpkeepReport Run(bool dry)
    {
        var checkpoints = artifacts.JobsWithCheckpoints();
        var done = reads.Results(checkpoints).Keys;
        var recordedByJob = recorded.LatestCheckpoints([.. done]);
        string[] obsolete = [.. done.Where(id => !recordedByJob.ContainsKey(id)).Order(StringComparer.Ordinal)];
        StoredAttempt[] leftovers = [.. Pipeline.Stages.SelectMany(stage => FindLeftovers(stage.Name))];
        if (dry)
        {
            return new UpkeepReport(obsolete, leftovers, null);
        }

        var checkpointsLeft = RemoveEach(obsolete, id => artifacts.RemoveCheckpoints(id, keep: null));
        var attemptsLeft = RemoveEach(leftovers, artifacts.Remove);
        int unfinished = artifacts.RemoveUnfinished(retention.Leftovers);
        return new UpkeepReport([.. obsolete.Except(checkpointsLeft)], [.. leftovers.Except(attemptsLeft)], unfinished);
    }

    // Returns those that could not be removed. One object that the store refuses must not keep the others; the next upkeep tries again.
    private ConcurrentBag<T> RemoveEach<T>(IReadOnlyList<T> items, Action<T> remove)
    {
        var left = new ConcurrentBag<T>();
        Parallel.ForEach(items, Parallelism, item =>
        {
            try
            {
                remove(item);
            }
            catch (StorageException error)
            {
                log.LogWarning("upkeep: {Item} could not be deleted: {Why}", item, error.Message);
                left.Add(item);
            }
        });
        return left;
    }

    private IReadOnlyList<StoredAttempt> FindLeftovers(string stage)
    {
        var stored = artifacts.Attempts(stage);
        var accepted = reads.Results([.. stored.Select(attempt => attempt.JobId).Distinct()]);
        var unaccepted = stored.Where(attempt => accepted.GetValueOrDefault(attempt.JobId)?.Attempt != attempt.Attempt).ToList();
        var records = reads.AttemptsByJob([.. unaccepted.Select(attempt => attempt.JobId).Distinct()], withLogs: false);
        double before = (clock.GetUtcNow() - retention.Leftovers).ToUnixTimeMilliseconds() / 1000.0;
        return
        [
            .. from attempt in unaccepted
               let record = records[attempt.JobId].FirstOrDefault(record => record.Attempt == attempt.Attempt)
               where record is { Ended: { } ended } && ended < before && IsUnused(record.Outcome)
               select attempt,
        ];
    }

    private static bool IsUnused(AttemptOutcome outcome) =>
        outcome is not (AttemptOutcome.Running or AttemptOutcome.Completed or AttemptOutcome.Accepted);
}
