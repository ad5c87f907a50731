using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;

namespace Ser.Scheduler.Api;

/// <summary>Metrics for monitoring and autoscaling, in the text format of Prometheus.</summary>
internal static class MetricsEndpoint
{
    private const int MaxRunning = 1_000;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/metrics", Read)
            .WithSummary("Jobs by state, leases and workers, for Prometheus; requires a viewer's token if /api does")
            .WithDescription(
                "With ?device=cuda (and memoryGiB=, label=), ser_jobs_ready counts the jobs that such a worker could run and "
                + "ser_jobs_running the jobs that workers with that device and those labels run, "
                + "so that each kind of machine can be scaled by its own work.")
            .WithTags("Health");

    private static IResult Read(
        IJobReads reads,
        IWorkerRegistry registry,
        FailureIsolation isolation,
        TimeProvider clock,
        [FromQuery] string? device,
        [FromQuery] double? memoryGiB,
        [FromQuery] string[]? label)
    {
        var now = clock.GetUtcNow();
        var workers = registry.All();
        var counts = device is null
            ? reads.CountsByState()
            : CountsFor(new WorkerCapabilities(device, memoryGiB ?? double.MaxValue, label ?? []), reads, Alive(workers, now));
        var running = reads.SearchJobs(new JobQuery(State: JobState.Running), 0, MaxRunning).Lines;
        return TypedResults.Text(Write(counts, running, workers, isolation.Failing.Count, now), "text/plain; version=0.0.4");
    }

    // The counts of the other states do not depend on the kind of worker.
    private static Dictionary<JobState, int> CountsFor(WorkerCapabilities kind, IJobReads reads, IReadOnlyList<WorkerInfo> alive)
    {
        var ready = reads.ReadyNeeds().Where(needs => needs.Key.AreMetBy(kind));
        var matching = alive.Where(worker => worker.Device == kind.Device && kind.Labels.All(worker.Labels.Contains));
        return new(reads.CountsByState())
        {
            [JobState.Ready] = ready.Sum(needs => needs.Value),
            [JobState.Running] = matching.Sum(worker => worker.Running.Count),
        };
    }

    private static WorkerInfo[] Alive(IReadOnlyList<WorkerInfo> workers, DateTimeOffset now) =>
        [.. workers.Where(worker => worker.IsAliveAt(now))];

    internal static string Write(
        IReadOnlyDictionary<JobState, int> counts,
        IReadOnlyList<JobLine> running,
        IReadOnlyList<WorkerInfo> workers,
        int failing,
        DateTimeOffset now)
    {
        var text = new StringBuilder();
        foreach (var state in Enum.GetValues<JobState>())
        {
            string name = state.ToString().ToLowerInvariant();
            Gauge($"ser_jobs_{name}", $"Jobs that are {name}.", counts.GetValueOrDefault(state));
        }

        var alive = Alive(workers, now);
        int slots = alive.Where(worker => !worker.Draining).Sum(worker => worker.Slots);
        double silence = workers.Select(worker => (now - worker.LastSeen).TotalSeconds).DefaultIfEmpty().Max();
        int quarantined = alive.Count(worker => worker.Order == WorkerOrder.Quarantine);
        double leaseLeft = running.Select(job => job.LeaseLeft ?? 0).DefaultIfEmpty(0).Min();
        Gauge("ser_workers", "Live workers.", alive.Length);
        Gauge("ser_workers_slots", "Jobs that they can run in parallel.", slots);
        Gauge("ser_workers_silent_seconds", "Longest time since the last heartbeat of a worker that has not shut down.", silence);
        Gauge("ser_workers_quarantined", "Workers in quarantine.", quarantined);
        Gauge("ser_lease_left_seconds_min", "Seconds until the first lease of a running job expires; negative once it has.", leaseLeft);
        Gauge("ser_work_failing", "Results, sweeps, schedules and loops of this scheduler that failed and are tried again later.", failing);
        PerWorker("ser_worker_running", "gauge", "Jobs that a worker runs.", worker => worker.Running.Count);
        PerWorker("ser_worker_resident_bytes", "gauge", "Resident memory of a worker's process.", worker => worker.Reading?.ResidentBytes);
        PerWorker("ser_worker_epochs_total", "counter", "Epochs trained since a worker started.", worker => worker.Reading?.Epochs);
        PerWorker("ser_worker_gpu_bytes", "gauge", "Used memory of a worker's GPU, by all processes.", worker => worker.Reading?.GpuBytes);
        PerWorker(
            "ser_worker_gpu_utilisation",
            "gauge",
            "Share of the last second in which a worker's GPU was busy.",
            worker => worker.Reading?.GpuUtilisation);
        return text.ToString();

        void PerWorker(string name, string type, string help, Func<WorkerInfo, double?> value)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
            foreach (var worker in alive)
            {
                if (value(worker) is { } number)
                {
                    string labels = $"{{worker=\"{worker.Name}\",device=\"{worker.Device}\"}}";
                    text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {number}\n");
                }
            }
        }

        void Gauge(string name, string help, double value) =>
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
    }
}
