using System.Text.Json.Nodes;
using Ser.Domain.Jobs;

namespace Ser.Hosting.Tests.Jobs;

/// <summary>Made-up sweeps: of each fold a chain Train, Store, Evaluate.</summary>
internal static class Plans
{
    public static readonly IReadOnlyList<string> Stages = ["Train", "Store", "Evaluate"];

    public static SweepPlan Sweep(string name, params string[] folds) => new(name, $$"""{"name":"{{name}}"}""",
        [.. folds.SelectMany((fold, index) => Chain(fold).Select(job => new SweepJob(job, "arm", index + 1)))]);

    public static IReadOnlyList<PlannedJob> Chain(string fold)
    {
        var chain = new List<PlannedJob>();
        foreach (string stage in Stages)
        {
            var spec = new JsonObject { ["fold"] = fold };
            string[] after = chain.Count == 0 ? [] : [chain[^1].Id];
            chain.Add(new PlannedJob(JobId.Of(stage, 1, spec, after), stage, $"{stage} {fold}", spec, after));
        }

        return chain;
    }

    public static string Id(string stage, string fold) => Chain(fold).Single(job => job.Stage == stage).Id;
}
