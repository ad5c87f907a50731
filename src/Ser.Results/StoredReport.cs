using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Reporting.Report;
using Ser.Reporting.Results;
using Ser.Stages;
using Ser.Stages.FineTune;
using Ser.Stages.Project;
using Ser.Storage.Artifacts;

namespace Ser.Results;

/// <summary>What a report shows, from what is stored.</summary>
public static class StoredReport
{
    /// <summary>Everything that the report of a sweep shows.</summary>
    /// <param name="reads">Where the jobs are.</param>
    /// <param name="artifacts">Where their results are.</param>
    /// <param name="sweep">Name of the sweep.</param>
    /// <exception cref="Ser.Domain.InputException">No such sweep.</exception>
    /// <exception cref="Ser.Domain.StorageException">A result or the corpus's index is damaged or not there.</exception>
    public static ReportInput Of(ISweepReads reads, IArtifactStore artifacts, string sweep)
    {
        var stored = StoredSweep.Read(reads, artifacts, sweep);
        var input = StoredResults.Input(artifacts, stored);
        var jobs = stored.Snapshot.Jobs.ToDictionary(job => job.Id);
        JobSnapshot? Job(DefinedFold fold, string stage) => fold.Jobs.TryGetValue(stage, out string? id) ? jobs.GetValueOrDefault(id) : null;
        return new ReportInput(
            input,
            SweepTables.Compute(input),
            [.. from fold in stored.Definition.Folds
                let job = Job(fold, FineTuneStage.StageName)
                where job is not null
                select new FoldCurve(fold.Arm, fold.Fold, reads.Points(job.Id))],
            [.. from fold in stored.Definition.Folds
                let job = Job(fold, ProjectStage.StageName)
                where job?.Result is not null
                select new FoldMap(fold.Arm, job.Id, ProjectionFile.Read(artifacts.Open(job.Result!)))],
            Facts(reads, artifacts, stored, [.. jobs.Values.Where(job => job.Result is not null)]));
    }

    private static RunFacts Facts(ISweepReads reads, IArtifactStore artifacts, StoredSweep stored, IReadOnlyList<JobSnapshot> done)
    {
        AttemptRecord[] accepted = [.. done.Select(job => reads.Attempts(job.Id).First(attempt => attempt.Attempt == job.Result!.Attempt))];
        return new RunFacts(
            stored.Experiment,
            stored.Definition.WeightsDigests ?? [],
            stored.Definition.Threads,
            [.. done.Select(job => artifacts.ManifestOf(job.Result!).Environment).DistinctBy(facts => string.Join('|', facts.OrderBy(fact => fact.Key, StringComparer.Ordinal)))],
            [.. accepted.Select(attempt => attempt.Worker).Distinct()],
            accepted.Sum(attempt => (attempt.Ended ?? attempt.Started) - attempt.Started) / 3600);
    }
}
