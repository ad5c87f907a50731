using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage;
using Ser.Storage.Messages;

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
    TimeProvider clock,
    ILogger<Maintenance> log) : BackgroundService
{
    private const int RoundsPerQuarantineCheck = 10;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);
    private int _rounds;

    /// <summary>Does one round of the work except offers.</summary>
    public void RunOnce()
    {
        supervision.RecordHeartbeat();
        requests.RunOnce();
        acceptance.RunOnce();
        halving.RunOnce();
        if (_rounds++ % RoundsPerQuarantineCheck == 0)
        {
            quarantine.RunOnce();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                RunOnce();
                var offers = free.Match().Select(id => bus.PublishBestEffortAsync(new JobOffered(id), stoppingToken));
                await Task.WhenAll(offers);
            }
            catch (StorageException away) when (outages.RetryDelay is not null)
            {
                log.LogWarning("the storage is not available, trying again in {Pause}: {Why}", outages.RetryDelay, away.Message);
                await Task.Delay(outages.RetryDelay.Value, clock, stoppingToken);
            }
        }
    }
}
