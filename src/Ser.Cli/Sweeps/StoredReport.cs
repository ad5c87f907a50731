using Ser.Domain.Jobs;
using Ser.Hosting.Artifacts;
using Ser.Hosting.Data;
using Ser.Reporting.Report;
using Ser.Reporting.Results;
using Ser.Scheduler.Results;
using Ser.Stages;
using Ser.Stages.FineTune;
using Ser.Stages.Project;

namespace Ser.Cli.Sweeps;

/// <summary>What a report shows, from what a data folder holds.</summary>
internal static class StoredReport
{
    internal static ReportInput Of(DataFolder data, string sweep)
    {
        var stored = StoredSweep.Read(data.Reads, data.Artifacts, sweep);
        var input = StoredResults.Input(data.Artifacts, stored);
        var jobs = stored.Snapshot.Jobs.ToDictionary(job => job.Id);
        JobSnapshot? Job(DefinedFold fold, string stage) => fold.Jobs.TryGetValue(stage, out string? id) ? jobs.GetValueOrDefault(id) : null;
        return new ReportInput(
            input,
            SweepTables.Compute(input),
            [.. from fold in stored.Definition.Folds
                let job = Job(fold, FineTuneStage.StageName)
                where job is not null
                select new FoldCurve(fold.Arm, fold.Fold, data.Reads.Points(job.Id))],
            [.. from fold in stored.Definition.Folds
                let job = Job(fold, ProjectStage.StageName)
                where job?.Result is not null
                select new FoldMap(fold.Arm, job.Id, ProjectionFile.Read(data.Artifacts.Open(job.Result!)))],
            Facts(data, stored, [.. jobs.Values.Where(job => job.Result is not null)]));
    }

    private static RunFacts Facts(DataFolder data, StoredSweep stored, IReadOnlyList<JobSnapshot> done)
    {
        AttemptRecord[] accepted = [.. done.Select(job => data.Reads.Attempts(job.Id).First(attempt => attempt.Attempt == job.Result!.Attempt))];
        return new RunFacts(
            stored.Experiment,
            stored.Definition.WeightsDigests ?? [],
            stored.Definition.Threads,
            [.. done.Select(job => data.Artifacts.ManifestOf(job.Result!).Environment).DistinctBy(facts => string.Join('|', facts.OrderBy(fact => fact.Key, StringComparer.Ordinal)))],
            [.. accepted.Select(attempt => attempt.Worker).Distinct()],
            accepted.Sum(attempt => (attempt.Ended ?? attempt.Started) - attempt.Started) / 3600);
    }
}
