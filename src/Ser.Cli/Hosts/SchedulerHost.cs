using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ser.Authentication;
using Ser.Dashboard;
using Ser.Runners;
using Ser.Scheduler;
using Ser.Scheduler.Api;
using Ser.Scheduler.Recurring;
using Ser.Scheduler.Webhooks;
using Ser.Storage.Telemetry;
using Ser.Worker;

namespace Ser.Cli.Hosts;

/// <summary>
/// The scheduler with its API, alone (`ser scheduler`) or with a worker and the dashboard in the same process (`ser up`).
/// </summary>
internal static class SchedulerHost
{
    internal static async Task<int> RunAsync(
        IConfiguration configuration,
        string dataFolder,
        string command,
        bool withWorker,
        bool migrate,
        Interrupts interrupts)
    {
        var problems = new List<string>();
        var api = HostConfiguration.Scheduler(configuration, dataFolder, problems);
        var dashboard = withWorker ? HostConfiguration.Dashboard(configuration, dataFolder, problems) : null;
        var retention = HostConfiguration.Retention(configuration, problems);
        var timings = HostConfiguration.ReadSchedulerTimings(configuration, problems);
        var hooks = HostConfiguration.Webhooks(configuration, problems);
        HostConfiguration.ThrowIfAny(problems);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.UseSerApi(api, new TokenFile(HostConfiguration.TokensFile(configuration, dataFolder), TimeProvider.System));
        using var stores = Composition.Open(configuration, dataFolder, command);
        var worker = withWorker ? Worker(configuration, stores, problems) : null;
        HostConfiguration.ThrowIfAny(problems);
        string roles = worker is null ? "scheduler" : $"scheduler and worker {worker.Name}";
        Output.WriteMessage($"{roles}: {Composition.Describe(configuration, dataFolder)}");
        stores.Prepare(migrate, configuration["Scheduler:WorkerRole"] is { Length: > 0 } role ? role : null);
        stores.AddTo(builder.Services, bus =>
        {
            bus.AddSchedulerConsumers();
            if (withWorker)
            {
                bus.AddWorkerConsumers();
            }
        });
        builder.Services.AddScheduler(timings).AddRecurringJobs(retention).AddWebhooks(hooks);
        stores.AddRecurringJobStorage(builder.Services);
        builder.AddTelemetry("scheduler");
        if (worker is not null)
        {
            builder.Services.AddWorker(worker);
        }

        if (dashboard is not null)
        {
            builder.Services.AddHostedService(services =>
                ActivatorUtilities.CreateInstance<DashboardProcess.InSchedulerProcess>(services, dashboard, dataFolder));
        }

        HostRun.Prepare(builder.Logging, builder.Services);
        await using var app = builder.Build();
        app.MapSerApi();

        void PrintAddresses()
        {
            var addresses = HostRun.AddressesOf(app.Services.GetRequiredService<IServer>());
            Output.WriteMessage($"listening on {string.Join(", ", addresses)}");
        }

        return await HostRun.UntilStoppedAsync(app, endsWithWorker: false, PrintAddresses, interrupts);
    }

    // The worker of `ser up` stays as long as the scheduler.
    private static WorkerSettings Worker(IConfiguration configuration, Composition stores, List<string> problems)
    {
        var settings = HostConfiguration.Worker(configuration, stores, Machine.Capabilities.Device, untilIdle: false, problems);
        return settings with { IdleAfter = null, MaxTime = null };
    }
}
