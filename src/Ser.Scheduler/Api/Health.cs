using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Ser.Client;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Scheduler.Api;

/// <summary>Whether the scheduler lives, and whether what it needs does. Open to everyone: says names and yes or no, why is in the log.</summary>
internal static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Json(new HealthView("live", new Dictionary<string, string>()), ApiJson.Options)).WithSummary("The process answers").WithTags("Health");
        app.MapGet("/health/ready", ReadyAsync).WithSummary("Database, broker and store answer: 200, otherwise 503").WithTags("Health");
    }

    private static async Task<IResult> ReadyAsync(IJobReads reads, IArtifactStore artifacts, IBusControl bus, TimeProvider clock, ILoggerFactory logs)
    {
        var log = logs.CreateLogger(typeof(Health));
        var parts = new Dictionary<string, string>
        {
            ["database"] = await LookAsync("database", () => reads.Claimable(1)),
            ["broker"] = await LookAsync("broker", () =>
            {
                var health = bus.CheckHealth();
                return health.Status == BusHealthStatus.Healthy ? "" : throw new InvalidOperationException(health.Description, health.Exception);
            }),
            ["store"] = await LookAsync("store", () => artifacts.Get(ArtifactKeys.Corpus("health"))),
        };
        bool ready = parts.Values.All(state => state == "ok");
        return TypedResults.Json(new HealthView(ready ? "ready" : "not ready", parts), ApiJson.Options, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);

        async Task<string> LookAsync(string part, Func<object?> look)
        {
            try
            {
                await Task.Run(look).WaitAsync(Patience, clock);
                return "ok";
            }
            catch (Exception failing)
            {
                log.LogWarning(failing, "{Part} does not answer", part);
                return "failing";
            }
        }
    }
}

/// <summary>Answer of the health endpoints.</summary>
/// <param name="Status">live, ready or not ready.</param>
/// <param name="Parts">What the scheduler needs, each ok or failing.</param>
public sealed record HealthView(string Status, IReadOnlyDictionary<string, string> Parts);
