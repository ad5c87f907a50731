using MassTransit;
using Microsoft.Extensions.Logging;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Scheduler.Api;

/// <summary>
/// Asks database, broker and store whether they respond. Requests that arrive within a second share one check: each check occupies threads
/// while a server does not answer, and many at once would occupy all of them.
/// </summary>
internal sealed class ReadinessCheck(
    IJobReads reads,
    IArtifactStore artifacts,
    IBusControl bus,
    SchedulerTimings timings,
    TimeProvider clock,
    ILogger<ReadinessCheck> log)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private Task<IReadOnlyDictionary<string, string>>? _latest;
    private long _ended;

    /// <summary>The state of each part: ok or failing.</summary>
    internal Task<IReadOnlyDictionary<string, string>> RunAsync()
    {
        lock (_lock)
        {
            bool isCurrent = _latest is { IsCompleted: false } || (_latest is not null && clock.GetElapsedTime(_ended) < Lifetime);
            return isCurrent ? _latest! : _latest = CheckAsync();
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> CheckAsync()
    {
        var parts = new Dictionary<string, string>
        {
            ["database"] = await CheckAsync("database", () => reads.ClaimableJobs(1)),
            ["broker"] = await CheckAsync("broker", () => RequireHealthy(bus)),
            ["store"] = await CheckAsync("store", artifacts.RequireAvailable),
        };
        Volatile.Write(ref _ended, clock.GetTimestamp());
        return parts;
    }

    private async Task<string> CheckAsync(string part, Action access)
    {
        try
        {
            await Task.Run(access).WaitAsync(timings.HealthTimeout, clock);
            return "ok";
        }
        catch (Exception failing)
        {
            log.LogWarning(failing, "{Part} does not respond", part);
            return "failing";
        }
    }

    private static void RequireHealthy(IBusControl bus)
    {
        var health = bus.CheckHealth();
        if (health.Status != BusHealthStatus.Healthy)
        {
            throw new InvalidOperationException(health.Description, health.Exception);
        }
    }
}
