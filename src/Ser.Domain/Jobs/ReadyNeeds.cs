using System.Globalization;
using Ser.Domain.Workers;

namespace Ser.Domain.Jobs;

/// <summary>Whether there is a worker for what is ready.</summary>
public static class ReadyNeeds
{
    /// <summary>Of these workers those that can take none of the ready jobs, and why.</summary>
    public static IReadOnlyDictionary<string, string> Unfit(IReadOnlyDictionary<JobNeeds, int> ready, IReadOnlyList<WorkerInfo> workers) =>
        ready.Count == 0 ? new Dictionary<string, string>() : workers.Where(worker => !ready.Keys.Any(needs => needs.MetBy(AbilityOf(worker))))
            .ToDictionary(worker => worker.Name, _ => $"{ready.Values.Sum()} jobs are ready and need {string.Join(", or ", ready.Keys.Select(Words))}, which it does not have");

    /// <summary>What ready jobs need and no worker has, in words; null: there is a worker for each.</summary>
    public static string? Nobody(IReadOnlyDictionary<JobNeeds, int> ready, IReadOnlyList<WorkerInfo> workers)
    {
        var unmet = ready.Where(needs => !workers.Any(worker => needs.Key.MetBy(AbilityOf(worker)))).ToList();
        return unmet.Count == 0 ? null : $"{unmet.Sum(needs => needs.Value)} jobs are ready and need {string.Join(", or ", unmet.Select(needs => Words(needs.Key)))}, which no worker here has";
    }

    /// <summary>Needs in words.</summary>
    public static string Words(JobNeeds needs)
    {
        string[] parts =
        [
            .. needs.Device is null ? Array.Empty<string>() : [needs.Device],
            .. needs.MemoryGiB == 0 ? Array.Empty<string>() : [string.Create(CultureInfo.InvariantCulture, $"{needs.MemoryGiB:0.#} GiB")],
            .. needs.Labels.Count == 0 ? Array.Empty<string>() : [$"the label{(needs.Labels.Count > 1 ? "s" : "")} {string.Join(" and ", needs.Labels)}"],
        ];
        return parts.Length == 0 ? "nothing in particular" : string.Join(" with ", parts);
    }

    private static WorkerAbility AbilityOf(WorkerInfo worker) => new(worker.Device, worker.MemoryGiB, worker.Labels);
}
