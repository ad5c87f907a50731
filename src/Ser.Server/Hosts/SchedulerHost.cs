using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ser.Authentication;
using Ser.Dashboard;
using Ser.Scheduler;
using Ser.Scheduler.Api;
using Ser.Scheduler.Recurring;
using Ser.Scheduler.Webhooks;
using Ser.Storage.Telemetry;

namespace Ser.Server.Hosts;

/// <summary>
/// The scheduler with its API, alone (`ser scheduler`) or with a worker and the dashboard in the same process (`ser up`).
/// </summary>
internal static class SchedulerHost
{
    /// <param name="configuration">Settings of the host.</param>
    /// <param name="dataFolder">The data folder, which holds only tokens and caches where a farm is configured.</param>
    /// <param name="command">The command for messages, such as `ser scheduler`.</param>
    /// <param name="createWorker">
    /// Creates a worker for this process from the stores and appends what is wrong with its settings; the dashboard is then started too.
    /// Null: the scheduler alone.
    /// </param>
    /// <param name="migrate">Whether a database of an older version is migrated to this version's schema.</param>
    /// <param name="interrupts">Ctrl-C and SIGTERM.</param>
    internal static async Task<int> RunAsync(
        IConfiguration configuration,
        string dataFolder,
        string command,
        Func<Composition, List<string>, HostedWorker>? createWorker,
        bool migrate,
        Interrupts interrupts)
    {
        var problems = new List<string>();
        var api = HostConfiguration.Scheduler(configuration, dataFolder, problems);
        var dashboard = createWorker is not null ? HostConfiguration.Dashboard(configuration, dataFolder, problems) : null;
        var retention = HostConfiguration.Retention(configuration, problems);
        var timings = HostConfiguration.ReadSchedulerTimings(configuration, problems);
        var hooks = HostConfiguration.Webhooks(configuration, problems);
        HostConfiguration.ThrowIfAny(problems);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.UseSerApi(api, new TokenFile(HostConfiguration.TokensFile(configuration, dataFolder), TimeProvider.System));
        using var stores = Composition.Open(configuration, dataFolder, command);
        var worker = createWorker?.Invoke(stores, problems);
        HostConfiguration.ThrowIfAny(problems);
        string roles = worker is null ? "scheduler" : $"scheduler and worker {worker.Name}";
        Output.WriteMessage($"{roles}: {Composition.Describe(configuration, dataFolder)}");
        stores.Prepare(migrate, configuration["Scheduler:WorkerRole"] is { Length: > 0 } role ? role : null);
        stores.AddTo(builder.Services, bus =>
        {
            bus.AddSchedulerConsumers();
            worker?.AddConsumers(bus);
        });
        builder.Services.AddScheduler(timings).AddRecurringJobs(retention).AddWebhooks(hooks);
        stores.AddRecurringJobStorage(builder.Services);
        builder.AddTelemetry("scheduler");
        worker?.AddServices(builder.Services);
        if (dashboard is not null && worker is not null)
        {
            builder.Services.AddHostedService(services =>
                ActivatorUtilities.CreateInstance<DashboardProcess.InSchedulerProcess>(services, dashboard, dataFolder, worker.Machine));
        }

        HostRun.Prepare(builder.Logging, builder.Services);
        await using var app = builder.Build();
        app.MapSerApi();

        void PrintAddresses()
        {
            var addresses = HostRun.AddressesOf(app.Services.GetRequiredService<IServer>());
            Output.WriteMessage($"listening on {string.Join(", ", addresses)}");
        }

        return await HostRun.UntilStoppedAsync(app, worker?.FindTasks(app.Services), PrintAddresses, interrupts);
    }
}
