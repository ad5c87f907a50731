using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ser.Authentication;
using Ser.Dashboard;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;

namespace Ser.Cli.Hosts;

/// <summary>The dashboard: a web application of its own, alone (`ser dashboard`) or beside the scheduler (`ser up`). Either way it acts through the scheduler's API.</summary>
internal static class DashboardProcess
{
    internal static async Task<int> RunAsync(IConfiguration configuration, string dataFolder, Uri? scheduler, string? token, CancellationToken interrupt)
    {
        var problems = new List<string>();
        var settings = HostConfiguration.Dashboard(configuration, dataFolder, problems) ?? throw new InputException("Dashboard:Listen is none: give an address to listen on");
        HostConfiguration.Refuse(problems);
        if (!settings.IsLoopback && scheduler is null && settings.OpenIdConnect is null)
        {
            throw new InputException("the dashboard would listen for others, and only a scheduler or an OpenID provider can say who they are: give --server or Dashboard:OpenIdConnect, or listen on this machine alone (--listen http://localhost:5080)");
        }

        if (settings.OpenIdConnect is not null && scheduler is not null && token is null)
        {
            throw new InputException("those who sign in with OpenID Connect act through the dashboard's own token: make one (ser token create --role operator --for-others --name dashboard) and give it as SER_TOKEN or --token-file");
        }

        settings = settings with
        {
            Keys = Composition.FarmOf(configuration) is null ? null : settings.Keys, // somebody else's folder is looked at, and nothing more
            Scheduler = scheduler,
            Token = token,
            Plan = PagePlanner.In(dataFolder, sharedPaths: false),
            WithoutScheduler = Composition.FarmOf(configuration) is null
                ? $"this dashboard only looks: ser retry and ser cancel with --data {dataFolder} act, or start ser up, which has its own dashboard"
                : "this dashboard only looks, since no scheduler was given: start it with --server",
        };
        await using var app = Build(settings, Composition.OpenToLook(configuration, dataFolder));
        return await HostRun.UntilStoppedAsync(app, endsWithWorker: false, () => Say(app, settings), interrupt);
    }

    /// <summary>Starts it after the scheduler of the same process and stops it before.</summary>
    internal sealed class Beside(DashboardSettings settings, string dataFolder, TokenFile tokens, IServer scheduler, IServiceProvider services) : IHostedLifecycleService
    {
        private WebApplication? app;

        public async Task StartedAsync(CancellationToken cancellationToken)
        {
            var own = settings with
            {
                Scheduler = Reachable(new Uri(AddressesOf(scheduler).First())),
                Token = tokens.Lend($"{Environment.UserName}@dashboard", Role.Operator, forOthers: true),
                Plan = PagePlanner.In(dataFolder, sharedPaths: true),
            };
            app = Build(own, new DashboardStores(services.GetRequiredService<IJobReads>(), services.GetRequiredService<IArtifactStore>(), services.GetService<IWorkerRegistry>()));
            await app.StartAsync(cancellationToken);
            Say(app, own);
        }

        public async Task StoppingAsync(CancellationToken cancellationToken)
        {
            if (app is not null)
            {
                await app.StopAsync(cancellationToken);
                await app.DisposeAsync();
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

    private static void Say(WebApplication app, DashboardSettings settings)
    {
        string address = AddressesOf(app.Services.GetRequiredService<IServer>()).First();
        Output.Say(settings.IsLoopback ? $"dashboard, this link opens it once: {app.LinkOnce(address)}" : $"dashboard on {address}: sign in with a token (ser token create)");
    }

    private static ICollection<string> AddressesOf(IServer server) => server.Features.Get<IServerAddressesFeature>()!.Addresses;

    // 0.0.0.0 is heard everywhere but is nobody's address.
    private static Uri Reachable(Uri address) => address.Host is "0.0.0.0" or "[::]" ? new UriBuilder(address) { Host = "localhost" }.Uri : address;
}
