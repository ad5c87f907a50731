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

/// <summary>Reads the content of a report from the stores.</summary>
public static class StoredReport
{
    /// <summary>Reads everything that the report of a sweep shows.</summary>
    /// <param name="reads">Store of the jobs.</param>
    /// <param name="artifacts">Store of their results.</param>
    /// <param name="sweep">Name of the sweep.</param>
    /// <exception cref="Ser.Domain.InputException">There is no such sweep.</exception>
    /// <exception cref="Ser.Domain.StorageException">A result or the corpus index is damaged or missing.</exception>
    public static ReportInput Read(ISweepReads reads, IArtifactStore artifacts, string sweep)
    {
        var stored = StoredSweep.Read(reads, artifacts, sweep);
        var input = StoredResults.ReadInput(artifacts, stored);
        var jobs = stored.Snapshot.Jobs.ToDictionary(job => job.Id);
        var curvesByJob = reads.LearningCurves([.. jobs.Keys]);
        var curves =
            from fold in stored.Definition.Folds
            let job = JobOf(fold, FineTuneStage.StageName)
            where job is not null
            select new FoldCurve(fold.Arm, fold.Fold, [.. curvesByJob[job.Id]]);
        var maps =
            from fold in stored.Definition.Folds
            let job = JobOf(fold, ProjectStage.StageName)
            where job?.Result is not null
            select new FoldEmbeddings(fold.Arm, job.Id, ProjectionFile.Read(artifacts.Open(job.Result!)));
        JobSnapshot[] done = [.. jobs.Values.Where(job => job.Result is not null)];
        return new ReportInput(
            input,
            ResultsComputation.Compute(input),
            [.. curves],
            [.. maps],
            Facts(reads, artifacts, stored, done));

        JobSnapshot? JobOf(DefinedFold fold, string stage) =>
            fold.Jobs.TryGetValue(stage, out string? id) ? jobs.GetValueOrDefault(id) : null;
    }

    private static RunFacts Facts(ISweepReads reads, IArtifactStore artifacts, StoredSweep stored, IReadOnlyList<JobSnapshot> done)
    {
        var attemptsByJob = reads.AttemptsByJob([.. done.Select(job => job.Id)], withLogs: false);
        var attempts = done.Select(job => attemptsByJob[job.Id].First(attempt => attempt.Attempt == job.Result!.Attempt));
        AttemptRecord[] accepted = [.. attempts];
        var environments = done.Select(job => artifacts.ReadManifest(job.Result!).Environment);
        double seconds = accepted.Sum(attempt => (attempt.Ended ?? attempt.Started) - attempt.Started);
        return new RunFacts(
            stored.Experiment,
            stored.Definition.WeightsDigests ?? [],
            stored.Definition.Threads,
            [.. environments.DistinctBy(ToComparableText)],
            [.. accepted.Select(attempt => attempt.Worker).Distinct()],
            seconds / 3600);
    }

    private static string ToComparableText(IReadOnlyDictionary<string, string> facts) =>
        string.Join('|', facts.OrderBy(fact => fact.Key, StringComparer.Ordinal));
}
