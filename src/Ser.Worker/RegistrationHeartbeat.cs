using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Workers;
using Ser.Runners;
using Ser.Storage.Workers;

namespace Ser.Worker;

/// <summary>
/// Registers the worker, sends heartbeats and receives its orders (drain, quarantine). The worker continues while the
/// registry is unavailable.
/// </summary>
public sealed class RegistrationHeartbeat(
    IWorkerRegistry registry,
    WorkerState state,
    WorkerSettings settings,
    TimeProvider clock,
    ILogger<RegistrationHeartbeat> log)
    : BackgroundService
{
    private readonly WorkerTimings _timings = settings.Timings;
    private readonly string _instance = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private bool _isRegistryUnavailable;
    private int _heartbeats;

    /// <summary>Registers the worker before a slot claims anything.</summary>
    /// <exception cref="InputException">Another live worker has this name.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        long started = clock.GetTimestamp();
        using (var timer = new PeriodicTimer(_timings.HeartbeatInterval, clock))
        {
            while (!registry.Register(DescribeWorker()))
            {
                if (clock.GetElapsedTime(started) >= _timings.RegistrationTimeout)
                {
                    throw new InputException($"a worker named {settings.Name} is already running: give this one another name (--name)");
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
        TryReach(() => registry.Unregister(settings.Name, _instance));
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long started = clock.GetTimestamp();
        using var timer = new PeriodicTimer(_timings.HeartbeatInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            TryReach(SendHeartbeat);
            if (settings.MaxTime is { } maxTime && clock.GetElapsedTime(started) >= maxTime)
            {
                state.Finish("out of time");
            }
        }
    }

    private void SendHeartbeat()
    {
        string[] running = [.. state.RunningLeases.Select(lease => lease.JobId)];
        var order = registry.Heartbeat(settings.Name, _instance, running, ReadMachine());
        state.Apply(order);
    }

    private WorkerReading? ReadMachine()
    {
        int heartbeatsPerReading = (int)Math.Max(1, _timings.ReadingInterval / _timings.HeartbeatInterval);
        if (_heartbeats++ % heartbeatsPerReading != 0)
        {
            return null;
        }

        var gpu = settings.Device == "cuda" ? GpuStatus.Read() : null;
        return new WorkerReading(Environment.WorkingSet, state.Epochs, gpu?.Bytes, gpu?.Utilisation);
    }

    // An outage is logged once, not every second. Whatever else goes wrong here does not concern the jobs that run.
    private void TryReach(Action action)
    {
        try
        {
            action();
            _isRegistryUnavailable = false;
        }
        catch (Exception failed)
        {
            if (!_isRegistryUnavailable)
            {
                log.LogWarning("the worker registry is unavailable: {Why}", failed.Message);
            }

            _isRegistryUnavailable = true;
        }
    }

    private WorkerInfo DescribeWorker() => new()
    {
        Name = settings.Name,
        Instance = _instance,
        Host = Environment.MachineName,
        Device = settings.Device,
        MemoryGiB = settings.Ability?.MemoryGiB ?? 0,
        Slots = settings.Slots,
        Labels = settings.Labels,
    };
}
