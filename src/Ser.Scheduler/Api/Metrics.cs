using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;

namespace Ser.Scheduler.Api;

/// <summary>What a farm is scaled and watched by, in the text that Prometheus reads.</summary>
internal static class Metrics
{
    private const int MostRunning = 1_000;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/metrics", (IJobReads reads, IWorkerRegistry workers, TimeProvider clock, [FromQuery] string? device, [FromQuery] double? memoryGiB, [FromQuery] string[]? label) =>
            {
                var now = clock.GetUtcNow();
                var all = workers.All();
                var counts = device is null ? reads.Counts() : CountsFor(new WorkerAbility(device, memoryGiB ?? double.MaxValue, label ?? []), reads, [.. all.Where(worker => worker.IsAliveAt(now))]);
                return TypedResults.Text(Write(counts, reads.Search(new JobQuery(State: JobState.Running), 0, MostRunning).Lines, all, now), "text/plain; version=0.0.4");
            })
            .WithSummary("Jobs by state, leases and workers, for Prometheus; wants a viewer's token where /api wants one")
            .WithDescription("With ?device=cuda (and memoryGiB=, label=): ser_jobs_ready counts what such a worker could take and ser_jobs_running what workers of that device and with those labels run, so that each kind of machine is scaled by its own work.")
            .WithTags("Health");

    // The other states are everybody's.
    private static Dictionary<JobState, int> CountsFor(WorkerAbility kind, IJobReads reads, IReadOnlyList<WorkerInfo> alive) => new(reads.Counts())
    {
        [JobState.Ready] = reads.ReadyNeeds().Where(needs => needs.Key.MetBy(kind)).Sum(needs => needs.Value),
        [JobState.Running] = alive.Where(worker => worker.Device == kind.Device && kind.Labels.All(worker.Labels.Contains)).Sum(worker => worker.Running.Count),
    };

    internal static string Write(IReadOnlyDictionary<JobState, int> counts, IReadOnlyList<JobLine> running, IReadOnlyList<WorkerInfo> workers, DateTimeOffset now)
    {
        var text = new StringBuilder();
        foreach (var state in Enum.GetValues<JobState>())
        {
            string name = state.ToString().ToLowerInvariant();
            Gauge($"ser_jobs_{name}", $"Jobs that are {name}.", counts.GetValueOrDefault(state));
        }

        WorkerInfo[] alive = [.. workers.Where(worker => worker.IsAliveAt(now))];
        Gauge("ser_workers", "Workers that have been seen lately.", alive.Length);
        Gauge("ser_workers_slots", "Jobs that they can run at a time.", alive.Where(worker => !worker.Draining).Sum(worker => worker.Slots));
        Gauge("ser_workers_silent_seconds", "Longest silence of a worker that has not said goodbye.", workers.Select(worker => (now - worker.LastSeen).TotalSeconds).DefaultIfEmpty().Max());
        Gauge("ser_workers_quarantined", "Workers in quarantine.", alive.Count(worker => worker.Order == WorkerOrder.Quarantine));
        Gauge("ser_lease_left_seconds_min", "Seconds until the first lease of a running job ends; below 0 once it has.", running.Select(job => job.LeaseLeft ?? 0).DefaultIfEmpty(0).Min());
        PerWorker("ser_worker_running", "gauge", "Jobs that a worker runs.", worker => worker.Running.Count);
        PerWorker("ser_worker_resident_bytes", "gauge", "Memory of a worker's process.", worker => worker.Reading?.ResidentBytes);
        PerWorker("ser_worker_epochs_total", "counter", "Epochs that a worker has trained since it started.", worker => worker.Reading?.Epochs);
        PerWorker("ser_worker_gpu_bytes", "gauge", "Memory of a worker's GPU in use, by whomever.", worker => worker.Reading?.GpuBytes);
        PerWorker("ser_worker_gpu_utilisation", "gauge", "Share of the last second in which a worker's GPU was busy.", worker => worker.Reading?.GpuUtilisation);
        return text.ToString();

        void PerWorker(string name, string type, string help, Func<WorkerInfo, double?> value)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
            foreach (var worker in alive)
            {
                if (value(worker) is { } number)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}{{worker=\"{worker.Name}\",device=\"{worker.Device}\"}} {number}\n");
                }
            }
        }

        void Gauge(string name, string help, double value) =>
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
    }
}
