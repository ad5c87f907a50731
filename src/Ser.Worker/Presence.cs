using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Workers;
using Ser.Runners;

namespace Ser.Worker;

/// <summary>Says that the worker is here, and hears what it was told. While the registry is away the worker works on.</summary>
public sealed class Presence(IWorkerRegistry registry, Shift shift, WorkerSettings settings, TimeProvider clock, ILogger<Presence> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    // A name is free once its last holder has been silent for this long, however it ended.
    private static readonly TimeSpan Patience = 2 * WorkerInfo.Lately;
    private readonly string instance = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private const int RoundsPerReading = 5;
    private bool away;
    private int rounds;

    /// <summary>Announces the worker before a slot claims anything.</summary>
    /// <exception cref="InputException">Another worker of this name is alive.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        long begun = clock.GetTimestamp();
        using (var timer = new PeriodicTimer(Every, clock))
        {
            while (!registry.Announce(Self()))
            {
                if (clock.GetElapsedTime(begun) >= Patience)
                {
                    throw new InputException($"a worker named {settings.Name} is alive already: give this one another name (--name)");
                }

                await timer.WaitForNextTickAsync(cancellationToken);
            }
        }

        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Safely(() => registry.Leave(settings.Name, instance));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long begun = clock.GetTimestamp();
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Safely(() => shift.Obey(registry.Seen(settings.Name, instance, [.. shift.Held.Select(lease => lease.JobId)], Reading())));
            if (settings.MaxTime is { } most && clock.GetElapsedTime(begun) >= most)
            {
                shift.Finish("out of time");
            }
        }
    }

    // Every few seconds: the driver's tool takes a moment.
    private WorkerReading? Reading()
    {
        if (rounds++ % RoundsPerReading != 0)
        {
            return null;
        }

        var gpu = settings.Device == "cuda" ? GpuReading.Now() : null;
        return new WorkerReading(Environment.WorkingSet, shift.Epochs, gpu?.Bytes, gpu?.Utilisation);
    }

    // An outage is said once, not every second.
    private void Safely(Action say)
    {
        try
        {
            say();
            away = false;
        }
        catch (StorageException failed)
        {
            if (!away)
            {
                log.LogWarning("the registry of workers is away: {Why}", failed.Message);
            }

            away = true;
        }
    }

    private WorkerInfo Self() => new()
    {
        Name = settings.Name,
        Instance = instance,
        Host = Environment.MachineName,
        Device = settings.Device,
        MemoryGiB = settings.Can?.MemoryGiB ?? 0,
        Slots = settings.Slots,
        Labels = settings.Labels,
    };
}
