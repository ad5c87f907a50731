using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ser.Domain;
using Ser.Runners;
using Ser.Server;
using Ser.Server.Hosts;
using Ser.Storage.Telemetry;
using Ser.Worker;

namespace Ser.Cli.Hosts;

/// <summary>A worker process.</summary>
internal static class WorkerHost
{
    /// <summary>The worker of `ser up`: it runs as long as the scheduler.</summary>
    internal static HostedWorker BesideScheduler(IConfiguration configuration, Composition stores, List<string> problems)
    {
        var settings = WorkerConfiguration.Read(configuration, stores, Machine.Capabilities.Device, untilIdle: false, problems);
        settings = settings with { IdleAfter = null, MaxTime = null };
        return new HostedWorker(
            settings.Name,
            Machine.Capabilities,
            services => services.AddWorker(settings),
            bus => bus.AddWorkerConsumers(),
            Tasks);
    }

    internal static async Task<int> RunAsync(IConfiguration configuration, string dataFolder, bool untilIdle, Interrupts interrupts)
    {
        using var stores = Composition.Open(configuration, dataFolder, "ser worker");
        var problems = new List<string>();
        var settings = WorkerConfiguration.Read(configuration, stores, Machine.Capabilities.Device, untilIdle, problems);
        HostConfiguration.ThrowIfAny(problems);
        Output.WriteMessage($"worker {settings.Name}: {Composition.Describe(configuration, dataFolder)}");
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        stores.AddForWorker(builder.Services, bus => bus.AddWorkerConsumers());
        builder.Services.AddWorker(settings);
        builder.AddTelemetry("worker");
        HostRun.Prepare(builder.Logging, builder.Services);
        using var host = builder.Build();
        string slots = $"{Plural.Count(settings.Slots, "job")} in parallel";
        return await HostRun.UntilStoppedAsync(
            host,
            Tasks(host.Services) with { Ended = host.Services.GetRequiredService<WorkerState>().Ended },
            () => Output.WriteMessage($"worker {settings.Name}: started, {slots} on {settings.Device}"),
            interrupts);
    }

    private static WorkerTasks Tasks(IServiceProvider services) => new(services.GetRequiredService<WorkerState>().Failed, Ended: null);
}
