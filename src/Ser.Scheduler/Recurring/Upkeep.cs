using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Scheduler.Recurring;

/// <summary>What is left behind is removed: checkpoints of jobs that are done, results of attempts that were not accepted, what was being written when its process died.</summary>
/// <param name="Checkpoints">Jobs whose checkpoints were removed.</param>
/// <param name="Attempts">Attempts whose files were removed.</param>
/// <param name="Unfinished">Files and uploads without an end that were removed; null where nothing was to be changed.</param>
public sealed record UpkeepReport(IReadOnlyList<string> Checkpoints, IReadOnlyList<StoredAttempt> Attempts, int? Unfinished);

/// <summary>How long things are kept.</summary>
/// <param name="Leftovers">What an attempt has left that was not accepted, after its end. Longer than any writing takes.</param>
public sealed record RetentionSettings(TimeSpan Leftovers)
{
    /// <summary>A day.</summary>
    public static RetentionSettings Usual { get; } = new(TimeSpan.FromDays(1));
}

/// <summary>Removes what is left behind and nobody reads. Of jobs that the store does not know nothing is touched: the artifacts may be another's.</summary>
public sealed class Upkeep(IJobStore jobs, IJobReads reads, IArtifactStore artifacts, RetentionSettings retention, TimeProvider clock, ILogger<Upkeep> log)
{
    private static readonly ParallelOptions Together = new() { MaxDegreeOfParallelism = 8 };

    /// <summary>One round, as the clock has it done.</summary>
    public void RunOnce()
    {
        var report = Run(dry: false);
        log.LogInformation(
            "upkeep: removed checkpoints of {Checkpoints} jobs, files of {Attempts} attempts that were not accepted, {Unfinished} unfinished files or uploads", report.Checkpoints.Count, report.Attempts.Count, report.Unfinished);
    }

    /// <param name="dry">Whether to look only.</param>
    public UpkeepReport Run(bool dry)
    {
        var checkpoints = artifacts.JobsWithCheckpoints();
        string[] done = [.. reads.Results(checkpoints).Keys.Where(id => jobs.CheckpointOf(id) is null).Order(StringComparer.Ordinal)];
        StoredAttempt[] leftovers = [.. Pipeline.Stages.SelectMany(stage => Leftovers(stage.Name))];
        if (dry)
        {
            return new UpkeepReport(done, leftovers, null);
        }

        Parallel.ForEach(done, Together, id => artifacts.RemoveCheckpoints(id, keep: null));
        Parallel.ForEach(leftovers, Together, artifacts.Remove);
        return new UpkeepReport(done, leftovers, artifacts.RemoveUnfinished(retention.Leftovers));
    }

    private IReadOnlyList<StoredAttempt> Leftovers(string stage)
    {
        var stored = artifacts.Attempts(stage);
        var accepted = reads.Results([.. stored.Select(attempt => attempt.JobId).Distinct()]);
        double before = (clock.GetUtcNow() - retention.Leftovers).ToUnixTimeMilliseconds() / 1000.0;
        return
        [
            .. from attempt in stored
               where accepted.GetValueOrDefault(attempt.JobId)?.Attempt != attempt.Attempt
               let record = reads.Attempts(attempt.JobId).FirstOrDefault(record => record.Attempt == attempt.Attempt)
               where record is { Ended: { } ended } && ended < before && record.Outcome is not (AttemptOutcome.Running or AttemptOutcome.Offered or AttemptOutcome.Accepted)
               select attempt,
        ];
    }
}
