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

    /// <summary>What of a specification decides a job's id: all but the hints.</summary>
    public static JsonObject Identity(JsonObject spec)
    {
        var identity = spec.DeepClone().AsObject();
        identity.Remove(JobHints.Key);
        return identity;
    }

    /// <summary>The stages that an experiment asks for, parents first.</summary>
    public static IReadOnlyList<IStage> For(Experiment experiment) => [.. Stages.Where(stage => stage.WantedBy(experiment))];

    /// <summary>Jobs of every arm and fold, parents first: arm by arm, fold by fold.</summary>
    public static IReadOnlyList<FoldJobs> Plan(PlanContext plan)
    {
        var planned = new List<FoldJobs>();
        var stages = For(plan.Experiment);
        foreach (var arm in plan.Experiment.Arms())
        {
            foreach (var fold in plan.Folds)
            {
                var jobs = new Dictionary<string, PlannedJob>();
                foreach (var stage in stages)
                {
                    var spec = stage.Spec(plan, arm, fold);
                    string[] parents = [.. stage.After.Select(name => jobs[name].Id)];
                    string id = JobId.Of(stage.Name, stage.Revision, spec, parents);
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
        var farm = plan.Experiment.Farm;
        bool runsEncoder = stage.RunsEncoder && !plan.Experiment.EncoderOf(arm).IsBaseline;
        return new JobHints
        {
            Arm = arm.Name,
            Fold = fold.Number,
            CheckpointEvery = plan.Experiment.Training.CheckpointEvery,
            StallAfter = farm.StallAfter,
            MaxAttempts = farm.MaxAttempts,
            Rungs = stage.Trains && runsEncoder ? [.. plan.Experiment.Halving.Epochs.Where(epoch => epoch < plan.Experiment.TrainingOf(arm).Epochs)] : [],
            Needs = runsEncoder ? new JobNeeds(plan.Experiment.Compute.Device == "cpu" ? null : plan.Experiment.Compute.Device, farm.MemoryGiB, farm.Labels) : null,
            Reads = runsEncoder ? [plan.Corpus.Digest, .. plan.WeightsOf(arm) is { } weights ? [weights.Digest] : Array.Empty<string>()] : [plan.Corpus.Digest],
        };
    }
}

/// <summary>The jobs of one fold of one arm, by stage.</summary>
public sealed record FoldJobs(Arm Arm, Fold Fold, IReadOnlyDictionary<string, PlannedJob> Jobs);
