using System.Text.Json.Nodes;
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

    /// <summary>Key of what a runner may know but no id depends on.</summary>
    public const string Hints = "hints";

    /// <summary>What of a specification decides a job's id: all but the hints.</summary>
    public static JsonObject Identity(JsonObject spec)
    {
        var identity = spec.DeepClone().AsObject();
        identity.Remove(Hints);
        return identity;
    }

    /// <summary>The stages that an experiment asks for, parents first.</summary>
    public static IReadOnlyList<IStage> For(Domain.Experiments.Experiment experiment) => [.. Stages.Where(stage => stage.WantedBy(experiment))];

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
                    spec[Hints] = new JsonObject { ["checkpointEvery"] = plan.Experiment.Training.CheckpointEvery, ["arm"] = arm.Name, ["fold"] = fold.Number };
                    jobs[stage.Name] = new PlannedJob(id, stage.Name, $"{arm.Name}, fold {fold.Number}", spec, parents);
                }

                planned.Add(new FoldJobs(arm, fold, jobs));
            }
        }

        return planned;
    }
}

/// <summary>The jobs of one fold of one arm, by stage.</summary>
public sealed record FoldJobs(Domain.Experiments.Arm Arm, Domain.Folds.Fold Fold, IReadOnlyDictionary<string, PlannedJob> Jobs);
