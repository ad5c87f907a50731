using System.Text.Json.Nodes;
using Ser.Domain.Jobs;

namespace Ser.TestSupport;

/// <summary>Made-up sweeps: for each fold a chain of Train, Store and Evaluate.</summary>
public static class Plans
{
    public static readonly IReadOnlyList<string> Stages = ["Train", "Store", "Evaluate"];

    public static SweepPlan Sweep(string name, params string[] folds) => new(name, $$"""{"name":"{{name}}"}""",
        [.. folds.SelectMany((fold, index) => Chain(fold).Select(job => new SweepJob(job, "arm", index + 1)))]);

    public static IReadOnlyList<PlannedJob> Chain(string fold)
    {
        var chain = new List<PlannedJob>();
        foreach (string stage in Stages)
        {
            chain.Add(Job(stage, fold, chain.Count == 0 ? [] : [chain[^1].Id]));
        }

        return chain;
    }

    /// <summary>The same jobs with hints in their specifications. Their ids stay, since no id depends on hints.</summary>
    public static SweepPlan With(this SweepPlan sweep, JobHints hints)
    {
        JsonObject Spec(PlannedJob job) => new() { ["fold"] = job.Spec["fold"]!.DeepClone(), [JobHints.Key] = hints.ToJson() };
        SweepJob Hinted(SweepJob entry) => entry with { Job = entry.Job with { Spec = Spec(entry.Job) } };
        return sweep with { Jobs = [.. sweep.Jobs.Select(Hinted)] };
    }

    /// <summary>A job that depends on a number of parents, which have no parents themselves.</summary>
    public static SweepPlan Joined(string name, int parents)
    {
        var first = Enumerable.Range(0, parents).Select(at => Job("Train", $"{name} {at}")).ToList();
        var last = Job("Evaluate", name, [.. first.Select(job => job.Id)]);
        return new SweepPlan(name, "{}", [.. first.Append(last).Select(job => new SweepJob(job, "arm", 1))]);
    }

    public static PlannedJob Job(string stage, string fold, params string[] after)
    {
        var spec = new JsonObject { ["fold"] = fold };
        return new PlannedJob(JobId.Compute(stage, 1, spec, after), stage, $"{stage} {fold}", spec, after);
    }

    public static string Id(string stage, string fold) => Chain(fold).Single(job => job.Stage == stage).Id;
}
