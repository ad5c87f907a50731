using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Learning;
using Ser.Runners;
using Ser.Stages;
using Ser.Storage.Workers;

namespace Ser.Worker;

/// <summary>Registers a worker's services.</summary>
public static class WorkerServices
{
    /// <summary>Adds a worker whose slots run every stage of the pipeline.</summary>
    public static IServiceCollection AddWorker(this IServiceCollection services, WorkerSettings settings)
    {
        NativeMemory.KeepFreedMemory();
        services.TryAddSingleton<IWorkerRegistry, InMemoryWorkerRegistry>();
        return services
            .AddSingleton(settings)
            .AddSingleton<WorkerState>()
            .AddSingleton<OfferSignal>()
            .AddSingleton<SchedulerMessages>()
            .AddSingleton<JobClaims>()
            .AddSingleton<WorkerStores>()
            .AddSingleton<JobInputs>()
            .AddSingleton<IInputs>(host => host.GetRequiredService<JobInputs>())
            .AddSingleton<IReadOnlyDictionary<string, IStageRunner>>(StageRunners.All)
            .AddSingleton<JobRunner>()
            .AddHostedService<RegistrationHeartbeat>()
            .AddHostedService<WorkerService>();
    }

    /// <summary>Adds the consumers of the messages that a worker handles.</summary>
    public static void AddWorkerConsumers(this IBusRegistrationConfigurator bus) => bus.AddConsumer<OfferConsumer>();
}
