using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Ser.Domain.Jobs;
using Ser.Storage.Messages;

namespace Ser.Scheduler;

/// <summary>Registers the scheduler with a host.</summary>
public static class SchedulerServices
{
    /// <summary>Adds the scheduler's services.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="timings">Intervals and limits; null: the defaults.</param>
    public static IServiceCollection AddScheduler(this IServiceCollection services, SchedulerTimings? timings = null) => services
        .AddSingleton(timings ?? new SchedulerTimings())
        .AddSingleton<Submission>()
        .AddSingleton<Acceptance>()
        .AddSingleton<PendingRequests>()
        .AddSingleton<FreeSlots>()
        .AddSingleton<Quarantine>()
        .AddSingleton<SuccessiveHalving>()
        .AddSingleton<FailureIsolation>()
        .AddSingleton(CreateTasks)
        .AddHostedService<Maintenance>();

    private static IReadOnlyList<MaintenanceTask> CreateTasks(IServiceProvider services)
    {
        var free = services.GetRequiredService<FreeSlots>();
        var bus = services.GetRequiredService<IBus>();
        Task OfferJobsAsync(CancellationToken stop) =>
            Task.WhenAll(free.Match().Select(id => bus.PublishBestEffortAsync(new JobOffered(id), stop)));

        return
        [
            MaintenanceTask.Create("pulse", services.GetRequiredService<ILeaseSupervision>().RecordHeartbeat),
            MaintenanceTask.Create("requests", services.GetRequiredService<PendingRequests>().RunOnce),
            MaintenanceTask.Create("acceptance", () => services.GetRequiredService<Acceptance>().RunOnce()),
            MaintenanceTask.Create("halving", services.GetRequiredService<SuccessiveHalving>().RunOnce),
            MaintenanceTask.Create(
                "quarantine",
                services.GetRequiredService<Quarantine>().RunOnce,
                services.GetRequiredService<SchedulerTimings>().QuarantineInterval),
            new MaintenanceTask("offers", OfferJobsAsync),
        ];
    }

    /// <summary>Adds the scheduler's message consumers.</summary>
    public static void AddSchedulerConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<Dispatcher>();
        bus.AddConsumer<ResultConsumer>();
    }
}
