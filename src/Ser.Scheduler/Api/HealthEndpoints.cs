using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ser.Client;

namespace Ser.Scheduler.Api;

/// <summary>
/// Liveness and readiness endpoints. They need no token, so they report only the state of each part; reasons are in the log.
/// </summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", Live)
            .WithSummary("Whether the process responds").WithTags("Health");
        app.MapGet("/health/ready", ReadyAsync)
            .WithSummary("Whether database, broker and store respond: 200 if they do, otherwise 503").WithTags("Health");
    }

    private static IResult Live() => TypedResults.Json(new HealthView("live", new Dictionary<string, string>()), ApiJson.Options);

    private static async Task<IResult> ReadyAsync(ReadinessCheck check)
    {
        var parts = await check.RunAsync();
        bool ready = parts.Values.All(state => state == "ok");
        var view = new HealthView(ready ? "ready" : "not ready", parts);
        int status = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        return TypedResults.Json(view, ApiJson.Options, statusCode: status);
    }
}

/// <summary>Response of the health endpoints.</summary>
/// <param name="Status">live, ready or not ready.</param>
/// <param name="Parts">State of each part that the scheduler needs: ok or failing.</param>
public sealed record HealthView(string Status, IReadOnlyDictionary<string, string> Parts);
