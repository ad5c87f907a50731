using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Storage.Outages;

namespace Ser.Scheduler;

/// <summary>
/// The loop of the scheduler's periodic work, which also covers lost messages. A part of it that fails is tried again after a pause, while
/// the others go on.
/// </summary>
public sealed class Maintenance(
    IReadOnlyList<MaintenanceTask> tasks,
    FailureIsolation isolation,
    OutagePolicy outages,
    SchedulerTimings timings,
    TimeProvider clock,
    ILogger<Maintenance> log) : BackgroundService
{
    private readonly Dictionary<MaintenanceTask, long> _lastRuns = [];

    /// <summary>Does every part of the work that is due.</summary>
    public async Task RunOnceAsync(CancellationToken stop)
    {
        foreach (var task in tasks.Where(IsDue))
        {
            _lastRuns[task] = clock.GetTimestamp();
            await isolation.RunAsync("loop", task.Name, () => task.RunAsync(stop));
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(timings.MaintenanceInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await outages.RunRoundAsync(() => RunOnceAsync(stoppingToken), ReportOutage, stoppingToken);
        }
    }

    private bool IsDue(MaintenanceTask task) =>
        !_lastRuns.TryGetValue(task, out long last) || clock.GetElapsedTime(last) >= task.Interval;

    private void ReportOutage(Exception unavailable, TimeSpan delay) =>
        log.LogWarning("the storage is not available, trying again in {Pause}: {Why}", delay, unavailable.Message);
}
