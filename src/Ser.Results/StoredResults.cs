using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Reporting.Results;
using Ser.Stages;
using Ser.Stages.Evaluate;

namespace Ser.Results;

/// <summary>The tables of a sweep from what is stored. A fold that is not there is said, never waited for.</summary>
public static class StoredResults
{
    /// <summary>The tables.</summary>
    /// <param name="reads">Where the jobs are.</param>
    /// <param name="artifacts">Where their results are.</param>
    /// <param name="sweep">Name of the sweep.</param>
    /// <param name="counts">How the jobs went, where the caller knows better than the store.</param>
    /// <exception cref="InputException">No such sweep.</exception>
    /// <exception cref="StorageException">A result or the corpus's index is damaged or not there.</exception>
    public static SweepResults Of(ISweepReads reads, IArtifactStore artifacts, string sweep, JobCounts? counts = null) =>
        SweepTables.Compute(Input(artifacts, StoredSweep.Read(reads, artifacts, sweep), counts));

    /// <summary>What the tables are computed from.</summary>
    public static ResultsInput Input(IArtifactStore artifacts, StoredSweep stored, JobCounts? counts = null)
    {
        var (snapshot, definition, experiment, corpus) = stored;
        var arms = definition.Folds.Select(fold => fold.Arm).Distinct().Select(arm => OfArm(artifacts, stored, arm));
        int done = snapshot.Count(JobState.Done);
        return new ResultsInput(
            snapshot.Name,
            new CorpusSummary(corpus.Kind, corpus.Digest, corpus.Utterances.Count, corpus.Speakers.Count),
            corpus.Classes,
            [.. arms],
            experiment.Retrieval,
            counts ?? new JobCounts(snapshot.Jobs.Count, done, 0, snapshot.Count(JobState.Failed)));
    }

    /// <summary>One arm with what is there of its folds.</summary>
    public static ArmInput OfArm(IArtifactStore artifacts, StoredSweep stored, Arm arm)
    {
        var jobs = stored.Snapshot.Jobs.ToDictionary(job => job.Id);
        return new ArmInput(
            arm, stored.Experiment.EncoderOf(arm).Name, Profile(stored.Experiment, arm), [.. stored.Definition.Folds.Where(fold => fold.Arm == arm).Select(fold => Fold(artifacts, fold, jobs))]);
    }

    // A profile that the experiment changes is custom; how often a checkpoint is taken is no part of it.
    private static string Profile(Experiment experiment, Arm arm)
    {
        var unchanged = new TrainingSettings { CheckpointEvery = experiment.Training.CheckpointEvery };
        return experiment.TrainingOf(arm) == Profiles.Resolve(unchanged, arm.Profile) ? arm.Profile : arm.Profile == Profiles.Paper ? "custom" : $"custom {arm.Profile}";
    }

    private static FoldInput Fold(IArtifactStore artifacts, DefinedFold fold, IReadOnlyDictionary<string, JobSnapshot> jobs)
    {
        string id = fold.Jobs[EvaluateStage.StageName];
        var job = jobs[id];
        return job.Result is { } result
            ? new FoldInput(fold.Fold, id, EvaluationFile.Read(artifacts.Open(result)))
            : new FoldInput(fold.Fold, id, null, Reason(job, Ancestors(job, jobs)));
    }

    // Not every job of the fold: one that no table needs may have failed as well.
    private static IReadOnlyList<JobSnapshot> Ancestors(JobSnapshot job, IReadOnlyDictionary<string, JobSnapshot> jobs) =>
        [.. job.After.SelectMany(parent => Ancestors(jobs[parent], jobs)), job];

    private static string Reason(JobSnapshot job, IReadOnlyList<JobSnapshot> needed) =>
        needed.FirstOrDefault(other => other.State == JobState.Failed) is { } failed ? $"{failed.Stage} failed: {failed.Error}"
        : needed.FirstOrDefault(other => other.State == JobState.Parked && other.Aside) is { } parked ? parked.Error!
        : job.WaitsFor ?? (job.State == JobState.Cancelled ? "cancelled" : "not finished");
}
