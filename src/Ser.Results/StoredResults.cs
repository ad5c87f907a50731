using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Reporting.Results;
using Ser.Stages;
using Ser.Stages.Evaluate;

namespace Ser.Results;

/// <summary>Computes the tables of a sweep from the stores. Missing folds are reported, never waited for.</summary>
public static class StoredResults
{
    /// <summary>Computes the tables of a sweep.</summary>
    /// <param name="reads">Store of the jobs.</param>
    /// <param name="artifacts">Store of their results.</param>
    /// <param name="sweep">Name of the sweep.</param>
    /// <param name="counts">Job counts of the current run; null to count the jobs in the store.</param>
    /// <exception cref="InputException">There is no such sweep.</exception>
    /// <exception cref="StorageException">A result or the corpus index is damaged or missing.</exception>
    public static SweepResults Compute(ISweepReads reads, IArtifactStore artifacts, string sweep, JobCounts? counts = null) =>
        ResultsComputation.Compute(ReadInput(artifacts, StoredSweep.Read(reads, artifacts, sweep), counts));

    /// <summary>Reads the input from which the tables are computed.</summary>
    public static ResultsInput ReadInput(IArtifactStore artifacts, StoredSweep stored, JobCounts? counts = null)
    {
        var (snapshot, definition, experiment, corpus) = stored;
        var arms = definition.Folds.Select(fold => fold.Arm).Distinct().Select(arm => ReadArm(artifacts, stored, arm));
        int done = snapshot.Count(JobState.Done);
        return new ResultsInput(
            snapshot.Name,
            new CorpusSummary(corpus.Kind, corpus.Digest, corpus.Utterances.Count, corpus.Speakers.Count),
            corpus.Classes,
            [.. arms],
            experiment.Retrieval,
            counts ?? new JobCounts(snapshot.Jobs.Count, done, 0, snapshot.Count(JobState.Failed)));
    }

    /// <summary>Reads an arm with its available folds.</summary>
    public static ArmInput ReadArm(IArtifactStore artifacts, StoredSweep stored, Arm arm)
    {
        var jobs = stored.Snapshot.Jobs.ToDictionary(job => job.Id);
        var folds = stored.Definition.Folds.Where(fold => fold.Arm == arm).Select(fold => ReadFold(artifacts, fold, jobs));
        return new ArmInput(arm, stored.Experiment.EncoderOf(arm).Name, NameProfile(stored.Experiment, arm), [.. folds]);
    }

    // A profile with overridden settings is shown as custom. The checkpoint interval does not count, because it does not affect results.
    private static string NameProfile(Experiment experiment, Arm arm)
    {
        var defaults = new TrainingSettings { CheckpointEvery = experiment.Training.CheckpointEvery };
        if (experiment.TrainingOf(arm) == Profiles.Resolve(defaults, arm.Profile))
        {
            return arm.Profile;
        }

        return arm.Profile == Profiles.Paper ? "custom" : $"custom {arm.Profile}";
    }

    private static FoldInput ReadFold(IArtifactStore artifacts, DefinedFold fold, IReadOnlyDictionary<string, JobSnapshot> jobs)
    {
        string id = fold.Jobs[EvaluateStage.StageName];
        var job = jobs[id];
        return job.Result is { } result
            ? new FoldInput(fold.Fold, id, EvaluationFile.Read(artifacts.Open(result)))
            : new FoldInput(fold.Fold, id, null, WhyMissing(job, WithAncestors(job, jobs)));
    }

    // Only ancestors can explain a missing evaluation. Other jobs of the fold, which the tables do not need, may have failed as well.
    private static IReadOnlyList<JobSnapshot> WithAncestors(JobSnapshot job, IReadOnlyDictionary<string, JobSnapshot> jobs) =>
        [.. job.After.SelectMany(parent => WithAncestors(jobs[parent], jobs)), job];

    private static string WhyMissing(JobSnapshot job, IReadOnlyList<JobSnapshot> needed) =>
        needed.FirstOrDefault(other => other.State == JobState.Failed) is { } failed ? $"{failed.Stage} failed: {failed.Error}"
        : needed.FirstOrDefault(other => other.State == JobState.Parked && other.EliminatedByHalving) is { } parked ? parked.Error!
        : job.WaitsFor ?? (job.State == JobState.Cancelled ? "cancelled" : "not finished");
}
