using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;

namespace Ser.Scheduler.Api;

/// <summary>What a farm is scaled and watched by, in the text that Prometheus reads.</summary>
internal static class Metrics
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/metrics", (IJobReads reads, IWorkerRegistry workers, TimeProvider clock) => TypedResults.Text(Write(reads.Counts(), workers.All(), clock.GetUtcNow()), "text/plain; version=0.0.4"))
            .WithSummary("Jobs by state and workers, for Prometheus; wants a viewer's token where /api wants one").WithTags("Health");

    private static string Write(IReadOnlyDictionary<JobState, int> counts, IReadOnlyList<WorkerInfo> workers, DateTimeOffset now)
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
        return text.ToString();

        void Gauge(string name, string help, double value) =>
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n");
    }
}
