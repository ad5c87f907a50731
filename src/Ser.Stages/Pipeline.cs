using System.Text.Json.Nodes;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;

namespace Ser.Stages;

/// <summary>The stages in order, and the job graph of an experiment.</summary>
public static class Pipeline
{
    /// <summary>Every stage, parents first.</summary>
    public static IReadOnlyList<IStage> Stages { get; } =
    [
        new FineTune.FineTuneStage(),
        new BuildDatastore.BuildDatastoreStage(),
        new Evaluate.EvaluateStage(),
        new Project.ProjectStage(),
    ];

    /// <summary>The part of a specification that decides a job's id: everything except the hints.</summary>
    public static JsonObject Identity(JsonObject spec)
    {
        var identity = spec.DeepClone().AsObject();
        identity.Remove(JobHints.Key);
        return identity;
    }

    /// <summary>The stages that an experiment needs, parents first.</summary>
    public static IReadOnlyList<IStage> StagesFor(Experiment experiment) => [.. Stages.Where(stage => stage.IsNeededBy(experiment))];

    /// <summary>Plans the jobs of every arm and fold: arm by arm, fold by fold, parents first.</summary>
    public static IReadOnlyList<FoldJobs> Plan(PlanContext plan)
    {
        var planned = new List<FoldJobs>();
        var stages = StagesFor(plan.Experiment);
        foreach (var arm in plan.Experiment.Arms())
        {
            foreach (var fold in plan.Folds)
            {
                var jobs = new Dictionary<string, PlannedJob>();
                foreach (var stage in stages)
                {
                    var spec = stage.CreateSpec(plan, arm, fold);
                    string[] parents = [.. stage.Parents.Select(name => jobs[name].Id)];
                    string id = JobId.Compute(stage.Name, stage.Revision, spec, parents);
                    spec[JobHints.Key] = Hints(plan, stage, arm, fold).ToJson();
                    jobs[stage.Name] = new PlannedJob(id, stage.Name, $"{arm.Name}, fold {fold.Number}", spec, parents);
                }

                planned.Add(new FoldJobs(arm, fold, jobs));
            }
        }

        return planned;
    }

    private static JobHints Hints(PlanContext plan, IStage stage, Arm arm, Fold fold)
    {
        var experiment = plan.Experiment;
        var farm = experiment.Farm;
        bool runsEncoder = stage.RunsEncoder && !experiment.EncoderOf(arm).IsBaseline;
        int epochs = experiment.TrainingOf(arm).Epochs;
        string? device = experiment.Compute.Device == "cpu" ? null : experiment.Compute.Device;
        var weights = runsEncoder ? plan.WeightsOf(arm) : null;
        return new JobHints
        {
            Arm = arm.Name,
            Fold = fold.Number,
            CheckpointEvery = experiment.Training.CheckpointEvery,
            StallAfter = farm.StallAfter,
            MaxAttempts = farm.MaxAttempts,
            Rungs = stage.Trains && runsEncoder ? [.. experiment.Halving.Epochs.Where(epoch => epoch < epochs)] : [],
            Needs = runsEncoder ? new JobNeeds(device, farm.MemoryGiB, farm.Labels) : null,
            Reads = weights is null ? [plan.Corpus.Digest] : [plan.Corpus.Digest, weights.Digest],
        };
    }
}

/// <summary>The jobs of one fold of one arm, by stage.</summary>
public sealed record FoldJobs(Arm Arm, Fold Fold, IReadOnlyDictionary<string, PlannedJob> Jobs)
{
    /// <summary>The jobs of a plan, fold by fold, as a sweep stores them.</summary>
    public static IReadOnlyList<SweepJob> ToSweepJobs(IEnumerable<FoldJobs> folds) =>
        [.. folds.SelectMany(fold => fold.Jobs.Values.Select(job => new SweepJob(job, fold.Arm.Name, fold.Fold.Number)))];
}
