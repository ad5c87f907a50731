using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Messages;
using Ser.Storage.Outages;

namespace Ser.Scheduler;

/// <summary>
/// The scheduler's periodic work, which also covers lost messages: heartbeat, requests of other processes, pending results, successive
/// halving, quarantine, and offers for waiting slots.
/// </summary>
public sealed class Maintenance(
    ILeaseSupervision supervision,
    PendingRequests requests,
    Acceptance acceptance,
    FreeSlots free,
    Quarantine quarantine,
    SuccessiveHalving halving,
    OutagePolicy outages,
    IBus bus,
    SchedulerTimings timings,
    TimeProvider clock,
    ILogger<Maintenance> log) : BackgroundService
{
    private readonly int _roundsPerQuarantineCheck = (int)Math.Max(1, timings.QuarantineInterval / timings.MaintenanceInterval);
    private int _rounds;

    /// <summary>Does one round of the work except offers.</summary>
    public void RunOnce()
    {
        supervision.RecordHeartbeat();
        requests.RunOnce();
        acceptance.RunOnce();
        halving.RunOnce();
        if (_rounds++ % _roundsPerQuarantineCheck == 0)
        {
            quarantine.RunOnce();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(timings.MaintenanceInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await outages.RunRoundAsync(() => RunAndOfferAsync(stoppingToken), ReportOutage, stoppingToken);
        }
    }

    private async Task RunAndOfferAsync(CancellationToken stop)
    {
        RunOnce();
        var offers = free.Match().Select(id => bus.PublishBestEffortAsync(new JobOffered(id), stop));
        await Task.WhenAll(offers);
    }

    private void ReportOutage(StorageException unavailable, TimeSpan delay) =>
        log.LogWarning("the storage is not available, trying again in {Pause}: {Why}", delay, unavailable.Message);
}
