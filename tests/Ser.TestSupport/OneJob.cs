using System.Text.Json.Nodes;
using Ser.Domain.Jobs;

namespace Ser.TestSupport;

/// <summary>A made-up sweep of independent jobs of one stage.</summary>
public static class OneJob
{
    /// <summary>The stage.</summary>
    public const string Stage = "Train";

    /// <summary>A sweep with one job for each fold.</summary>
    public static SweepPlan Sweep(string name, params string[] folds) => Sweep(name, new JobHints(), folds);

    /// <summary>The same, with hints for every job.</summary>
    public static SweepPlan Sweep(string name, JobHints hints, params string[] folds)
    {
        SweepJob Job(string fold, int index)
        {
            var identity = new JsonObject { ["fold"] = fold };
            var spec = new JsonObject { ["fold"] = fold, [JobHints.Key] = hints.ToJson() };
            return new SweepJob(new PlannedJob(JobId.Compute(Stage, 1, identity, []), Stage, fold, spec, []), "arm", index + 1);
        }

        return new SweepPlan(name, "{}", [.. folds.Select(Job)]);
    }
}
