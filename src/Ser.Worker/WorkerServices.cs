using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Ser.Runners;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Learning;
using Ser.Stages;
using Ser.Storage.Workers;

namespace Ser.Worker;

/// <summary>The worker's part of a host.</summary>
public static class WorkerServices
{
    /// <summary>Slots that run every stage of the pipeline.</summary>
    public static IServiceCollection AddWorker(this IServiceCollection services, WorkerSettings settings)
    {
        NativeMemory.KeepFreedMemory();
        services.TryAddSingleton<IWorkerRegistry, MemoryWorkers>();
        return services
            .AddSingleton(settings)
            .AddSingleton<Shift>()
            .AddSingleton<Offers>()
            .AddSingleton<RunnerFailure>()
            .AddSingleton<Inputs>()
            .AddSingleton<IInputs>(host => host.GetRequiredService<Inputs>())
            .AddSingleton<IReadOnlyDictionary<string, IStageRunner>>(StageRunners.All)
            .AddSingleton<JobRun>()
            .AddHostedService<Presence>()
            .AddHostedService<WorkerService>();
    }

    /// <summary>The messages that it answers.</summary>
    public static void AddWorkerConsumers(this IBusRegistrationConfigurator bus) => bus.AddConsumer<OfferConsumer>();
}
