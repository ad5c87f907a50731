using System.Text.Json.Nodes;
using Ser.Domain.Jobs;

namespace Ser.TestSupport;

/// <summary>Jobs that do nothing, for measuring the overhead of the system.</summary>
public static class BenchPlan
{
    /// <summary>The stages of the jobs.</summary>
    public static IReadOnlyList<string> Stages { get; } = ["First", "Second"];

    /// <summary>Creates a sweep of pairs of a job and its dependant.</summary>
    public static SweepPlan Create(string name, int jobs)
    {
        var planned = new List<SweepJob>(jobs);
        for (int i = 0; i < jobs; i++)
        {
            var spec = new JsonObject { ["bench"] = name, ["job"] = i };
            string[] after = i % 2 == 0 ? [] : [planned[i - 1].Job.Id];
            string stage = Stages[i % 2];
            var job = new PlannedJob(JobId.Compute(stage, 1, spec, after), stage, $"{stage} {i / 2}", spec, after);
            planned.Add(new SweepJob(job, "bench", (i / 2) + 1));
        }

        return new SweepPlan(name, "{}", planned);
    }
}
