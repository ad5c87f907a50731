using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ser.Authentication;
using Ser.Dashboard;
using Ser.Dashboard.Actions;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Stages;

namespace Ser.Server.Hosts;

/// <summary>
/// The dashboard: a web application of its own, alone (`ser dashboard`) or beside the scheduler (`ser up`).
/// In both cases it makes changes through the scheduler's API.
/// </summary>
internal static class DashboardProcess
{
    internal static async Task<int> RunAsync(
        IConfiguration configuration,
        string dataFolder,
        Uri? scheduler,
        string? token,
        MachineCapabilities machine,
        Interrupts interrupts)
    {
        var problems = new List<string>();
        var settings = HostConfiguration.Dashboard(configuration, dataFolder, problems)
            ?? throw new InputException("Dashboard:Listen is none: give an address to listen on");
        HostConfiguration.ThrowIfAny(problems);
        CheckSignIn(settings, scheduler, token);
        bool onFarm = Composition.FindFarm(configuration) is not null;
        string readOnlyNote = onFarm
            ? "Read-only dashboard, since no scheduler was given: start it with --server"
            : $"Read-only dashboard: use ser retry and ser cancel with --data {dataFolder}, or start ser up, which has its own dashboard";
        settings = settings with
        {
            Keys = onFarm ? settings.Keys : null, // nothing is written into a data folder that another process may be running
            Scheduler = scheduler,
            Token = token,
            Planning = new PlanningSettings(dataFolder, SharedPaths: false, machine),
            ReadOnlyReason = readOnlyNote,
        };
        Output.WriteMessage($"dashboard: {Composition.Describe(configuration, dataFolder)}");
        await using var app = Build(settings, Composition.OpenReadOnly(configuration, dataFolder));
        return await HostRun.UntilStoppedAsync(app, worker: null, () => PrintAddress(app, settings), interrupts);
    }

    private static void CheckSignIn(DashboardSettings settings, Uri? scheduler, string? token)
    {
        bool canAuthenticate = scheduler is not null || settings.OpenIdConnect is not null;
        if (!settings.IsLoopback && !canAuthenticate)
        {
            throw new InputException("the dashboard would accept connections from other machines, and it needs a scheduler or an OpenID "
                + "provider to authenticate them: give --server or Dashboard:OpenIdConnect, or listen on this machine only "
                + "(--listen http://localhost:5080)");
        }

        if (settings.OpenIdConnect is not null && scheduler is not null && token is null)
        {
            throw new InputException("users who sign in with OpenID Connect act through the dashboard's own token: create one "
                + "(ser token create --role operator --for-others --name dashboard) and give it as SER_TOKEN or --token-file");
        }
    }

    /// <summary>The dashboard in the scheduler's process: it starts after the scheduler and stops before it.</summary>
    internal sealed class InSchedulerProcess(
        DashboardSettings settings,
        string dataFolder,
        MachineCapabilities machine,
        TokenFile tokens,
        IServer scheduler,
        IServiceProvider services) : IHostedLifecycleService
    {
        private WebApplication? _app;

        public async Task StartedAsync(CancellationToken cancellationToken)
        {
            var schedulerAddress = new Uri(HostRun.AddressesOf(scheduler).First());
            var ownSettings = settings with
            {
                Scheduler = Reachable(schedulerAddress),
                Token = tokens.CreateEphemeral($"{Environment.UserName}@dashboard", Role.Operator, forOthers: true),
                Planning = new PlanningSettings(dataFolder, SharedPaths: true, machine),
            };
            var stores = new DashboardStores(
                services.GetRequiredService<IJobReads>(),
                services.GetRequiredService<IArtifactStore>(),
                services.GetService<IWorkerRegistry>());
            _app = Build(ownSettings, stores);
            await _app.StartAsync(cancellationToken);
            PrintAddress(_app, ownSettings);
        }

        public async Task StoppingAsync(CancellationToken cancellationToken)
        {
            if (_app is not null)
            {
                await _app.StopAsync(cancellationToken);
                await _app.DisposeAsync();
            }
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static WebApplication Build(DashboardSettings settings, DashboardStores stores)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.UseSerDashboard(settings, stores, TimeProvider.System);
        HostRun.Prepare(builder.Logging, builder.Services);
        var app = builder.Build();
        app.MapSerDashboard();
        return app;
    }

    private static void PrintAddress(WebApplication app, DashboardSettings settings)
    {
        string address = HostRun.AddressesOf(app.Services.GetRequiredService<IServer>()).First();
        Output.WriteMessage(settings.IsLoopback
            ? $"dashboard, this link works once: {app.CreateSignInLink(address)}"
            : $"dashboard on {address}: sign in with a token (ser token create)");
    }

    // 0.0.0.0 means every address to a server, but a client cannot connect to it.
    private static Uri Reachable(Uri address) =>
        address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "localhost" }.Uri : address;
}
