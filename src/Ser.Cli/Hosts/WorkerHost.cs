using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Ser.Domain;
using Ser.Runners;
using Ser.Storage.Telemetry;
using Ser.Worker;

namespace Ser.Cli.Hosts;

/// <summary>A worker process.</summary>
internal static class WorkerHost
{
    internal static async Task<int> RunAsync(IConfiguration configuration, string dataFolder, bool untilIdle, Interrupts interrupts)
    {
        using var stores = Composition.Open(configuration, dataFolder, "ser worker");
        var problems = new List<string>();
        var settings = HostConfiguration.Worker(configuration, stores, Machine.Capabilities.Device, untilIdle, problems);
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
            endsWithWorker: true,
            () => Output.WriteMessage($"worker {settings.Name}: started, {slots} on {settings.Device}"),
            interrupts);
    }
}
