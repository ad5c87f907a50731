using MassTransit;
using Microsoft.Extensions.DependencyInjection;

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
        .AddHostedService<Maintenance>();

    /// <summary>Adds the scheduler's message consumers.</summary>
    public static void AddSchedulerConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<Dispatcher>();
        bus.AddConsumer<ResultConsumer>();
    }
}
