using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Ser.Scheduler;

/// <summary>The scheduler's part of a host.</summary>
public static class SchedulerServices
{
    /// <summary>Submission, acceptance and maintenance.</summary>
    public static IServiceCollection AddScheduler(this IServiceCollection services) => services
        .AddSingleton<Submission>()
        .AddSingleton<Acceptance>()
        .AddSingleton<FreeSlots>()
        .AddSingleton<Quarantine>()
        .AddSingleton<Comparisons>()
        .AddHostedService<Maintenance>();

    /// <summary>The messages that it answers.</summary>
    public static void AddSchedulerConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<Dispatcher>();
        bus.AddConsumer<ResultConsumer>();
    }
}
