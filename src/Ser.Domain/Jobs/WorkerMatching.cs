using System.Globalization;
using Ser.Domain.Workers;

namespace Ser.Domain.Jobs;

/// <summary>Compares the needs of ready jobs with the capabilities of workers.</summary>
public static class WorkerMatching
{
    /// <summary>Returns the names of the workers that can run none of the ready jobs, each with an explanation.</summary>
    public static IReadOnlyDictionary<string, string> FindUnfitWorkers(
        IReadOnlyDictionary<JobNeeds, int> ready, IReadOnlyList<WorkerInfo> workers)
    {
        if (ready.Count == 0)
        {
            return new Dictionary<string, string>();
        }

        string why = $"{Describe(ready)}, which it does not have";
        var unfit = workers.Where(worker => !ready.Keys.Any(needs => needs.AreMetBy(CapabilitiesOf(worker))));
        return unfit.ToDictionary(worker => worker.Name, _ => why);
    }

    /// <summary>Describes the needs of ready jobs that no worker meets; null if every ready job has a suitable worker.</summary>
    public static string? DescribeUnmetNeeds(IReadOnlyDictionary<JobNeeds, int> ready, IReadOnlyList<WorkerInfo> workers)
    {
        var unmet = ready.Where(needs => !workers.Any(worker => needs.Key.AreMetBy(CapabilitiesOf(worker)))).ToDictionary();
        return unmet.Count == 0 ? null : $"{Describe(unmet)}, which no worker has";
    }

    /// <summary>Describes the needs of one kind of job.</summary>
    public static string Describe(JobNeeds needs)
    {
        var parts = new List<string>();
        if (needs.Device is { } device)
        {
            parts.Add(device);
        }

        if (needs.MemoryGiB != 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{needs.MemoryGiB:0.#} GiB"));
        }

        if (needs.Labels.Count > 0)
        {
            parts.Add($"the label{(needs.Labels.Count > 1 ? "s" : "")} {string.Join(" and ", needs.Labels)}");
        }

        return parts.Count == 0 ? "nothing in particular" : string.Join(" with ", parts);
    }

    private static string Describe(IReadOnlyDictionary<JobNeeds, int> ready)
    {
        int jobs = ready.Values.Sum();
        string needs = string.Join(", or ", ready.Keys.Select(Describe));
        return jobs == 1 ? $"1 ready job needs {needs}" : $"{jobs} ready jobs need {needs}";
    }

    private static WorkerCapabilities CapabilitiesOf(WorkerInfo worker) => new(worker.Device, worker.MemoryGiB, worker.Labels);
}
