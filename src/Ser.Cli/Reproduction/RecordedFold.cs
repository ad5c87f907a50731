using System.Text.Json.Nodes;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Reporting.Results;
using Ser.Results;
using Ser.Stages;
using Ser.Stages.BuildDatastore;
using Ser.Stages.Evaluate;
using Ser.Stages.FineTune;
using Ser.Storage.Artifacts;

namespace Ser.Cli.Reproduction;

/// <summary>One job as it was recorded.</summary>
/// <param name="Job">Its id, title, parents and accepted result.</param>
/// <param name="Spec">Its specification.</param>
/// <param name="Manifest">Its files, and the environment that they were made in.</param>
internal sealed record RecordedJob(JobSnapshot Job, JsonObject Spec, Manifest Manifest);

/// <summary>The jobs behind one number: FineTune, BuildDatastore, Evaluate of one fold of one arm.</summary>
internal sealed record RecordedFold(StoredSweep Sweep, Arm Arm, int Fold, IReadOnlyList<RecordedJob> Jobs)
{
    private static readonly string[] Stages = [FineTuneStage.StageName, BuildDatastoreStage.StageName, EvaluateStage.StageName];

    /// <summary>Reads the jobs of a fold.</summary>
    /// <exception cref="InputException">No such fold, or it is not finished.</exception>
    /// <exception cref="StorageException">A manifest is damaged or missing.</exception>
    internal static RecordedFold Read(ISweepReads reads, IArtifactStore artifacts, StoredSweep sweep, Arm arm, int number)
    {
        var folds = sweep.Definition.Folds.Where(fold => fold.Arm == arm).ToList();
        var fold = folds.FirstOrDefault(fold => fold.Fold == number)
            ?? throw new InputException($"--fold {number}: {sweep.Snapshot.Name} has folds 1 to {folds.Max(candidate => candidate.Fold)}");
        var snapshots = sweep.Snapshot.Jobs.ToDictionary(job => job.Id);
        JobSnapshot[] jobs = [.. Stages.Select(stage => snapshots[fold.Jobs[stage]])];
        if (jobs.FirstOrDefault(job => job.Result is null) is { } open)
        {
            throw new InputException($"{arm.Name}, fold {number} has no accepted {open.Stage} result to compare with "
                + $"({open.State.ToString().ToLowerInvariant()}): ser resume {sweep.Snapshot.Name} computes it");
        }

        var specs = reads.Specs([.. jobs.Select(job => job.Id)]);
        var recorded = jobs.Select(job => new RecordedJob(job, specs[job.Id], artifacts.ReadManifest(job.Result!)));
        return new RecordedFold(sweep, arm, number, [.. recorded]);
    }

    /// <summary>The arms of a sweep, without their results, to choose one from.</summary>
    internal static IReadOnlyList<ArmInput> Arms(StoredSweep sweep)
    {
        var arms = sweep.Definition.Folds.Select(fold => fold.Arm).Distinct();
        return [.. arms.Select(arm => new ArmInput(arm, sweep.Experiment.EncoderOf(arm).Name, arm.Profile, []))];
    }

    /// <summary>The job of a stage.</summary>
    internal RecordedJob this[string stage] => Jobs.Single(job => job.Job.Stage == stage);

    /// <summary>
    /// Stages that this version computes in another way than the version that recorded them. Their revision is part of the job's id,
    /// so the id computed now differs from the recorded one.
    /// </summary>
    internal IReadOnlyList<string> RevisedStages() =>
    [
        .. from job in Jobs
           let stage = Pipeline.Stages.Single(stage => stage.Name == job.Job.Stage)
           where JobId.Compute(stage.Name, stage.Revision, Pipeline.Identity(job.Spec), job.Job.After) != job.Job.Id
           select stage.Name,
    ];
}
