using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage;
using Ser.Storage.Messages;

namespace Ser.Scheduler;

/// <summary>What must happen even when a message was lost: the pulse, requests of other processes, results that nobody announced, jobs that nobody was offered.</summary>
public sealed class Maintenance(IJobStore jobs, Acceptance acceptance, FreeSlots free, Quarantine quarantine, Comparisons comparisons, Outages outages, IBus bus, TimeProvider clock, ILogger<Maintenance> log) : BackgroundService
{
    private const int RoundsPerLook = 10;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(0.5);
    private int rounds;

    /// <summary>One round.</summary>
    public void RunOnce()
    {
        jobs.Pulse();
        foreach (var request in jobs.TakeRequests())
        {
            Honour(request);
        }

        acceptance.RunOnce();
        comparisons.RunOnce();
        if (rounds++ % RoundsPerLook == 0)
        {
            quarantine.RunOnce();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                RunOnce();
                await Task.WhenAll(free.Match().Select(id => bus.SayAsync(new JobOffered(id), stoppingToken)));
            }
            catch (StorageException away) when (outages.Pause is not null)
            {
                log.LogWarning("a store is away, trying again in {Pause}: {Why}", outages.Pause, away.Message);
                await Task.Delay(outages.Pause.Value, clock, stoppingToken);
            }
        }
    }

    private void Honour(RunnerRequest request)
    {
        try
        {
            int changed = jobs.Honour(request);
            log.LogInformation("{Kind} {Target}: {Changed} jobs", request.Kind, request.Target, changed);
        }
        catch (InputException wrong)
        {
            log.LogWarning("{Kind} {Target}: {Why}", request.Kind, request.Target, wrong.Message);
        }
    }
}
