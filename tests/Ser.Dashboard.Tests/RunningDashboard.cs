using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Authentication;
using Ser.Domain.Experiments;
using Ser.Domain.Workers;
using Ser.Scheduler;
using Ser.Scheduler.Api;
using Ser.Storage;
using Ser.Storage.Data;
using Ser.Storage.Jobs;
using Ser.TestSupport;

namespace Ser.Dashboard.Tests;

/// <summary>
/// A data folder with made-up sweeps, a real scheduler with its API, and a real dashboard in front of both.
/// There is no worker: jobs change only when a test changes them.
/// </summary>
internal sealed class RunningDashboard : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly WebApplication _scheduler;
    private WebApplication _dashboard;

    private RunningDashboard(
        TemporaryFolder folder,
        DataFolder data,
        WebApplication scheduler,
        WebApplication dashboard,
        TokenFile tokens,
        LogLines log)
    {
        (_folder, Data, _scheduler, _dashboard, Tokens, Log) = (folder, data, scheduler, dashboard, tokens, log);
    }

    public DataFolder Data { get; }

    public TokenFile Tokens { get; }

    public LogLines Log { get; }

    public Uri Address => AddressOf(_dashboard);

    /// <summary>A link that signs in an operator.</summary>
    public string Link => _dashboard.CreateSignInLink(Address.ToString());

    public static GridEntry Grid(params double[] lambdas) => new() { Lambda = lambdas };

    public static Task<RunningDashboard> StartAsync(MadeUpSweep sweep, OpenIdSettings? openId = null) =>
        StartAsync(store => store.Add(sweep), openId);

    public static async Task<RunningDashboard> StartAsync(Action<MadeUpStore> fill, OpenIdSettings? openId = null)
    {
        var folder = new TemporaryFolder();
        var data = DataFolder.OpenAsRunner(folder.At("data"), "test", new LeaseSettings(Seconds: 36_000));
        fill(new MadeUpStore(data.Jobs, data.Artifacts, folder.At("making")));
        var tokens = new TokenFile(folder.At("data", "tokens.json"), TimeProvider.System);
        var log = new LogLines();
        var scheduler = await SchedulerAsync(folder, data, tokens, log);
        var settings = new DashboardSettings([new Uri("http://127.0.0.1:0")], ["localhost"], folder.At("keys"))
        {
            Scheduler = AddressOf(scheduler),
            Token = tokens.CreateEphemeral("tester", Role.Operator, forOthers: true),
            OpenIdConnect = openId,
        };
        var stores = new DashboardStores(data.Reads, data.Artifacts, scheduler.Services.GetService<IWorkerRegistry>());
        var dashboard = await StartDashboardAsync(settings, stores, log);
        return new RunningDashboard(folder, data, scheduler, dashboard, tokens, log);
    }

    /// <summary>Starts a dashboard alone, on any stores.</summary>
    public static async Task<WebApplication> StartDashboardAsync(DashboardSettings settings, DashboardStores stores, LogLines log)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.UseSerDashboard(settings, stores, TimeProvider.System);
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var dashboard = builder.Build();
        dashboard.MapSerDashboard();
        await dashboard.StartAsync();
        return dashboard;
    }

    /// <summary>Where a server listens.</summary>
    public static Uri AddressOf(WebApplication app)
    {
        var server = app.Services.GetRequiredService<IServer>();
        return new Uri(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Ends the dashboard as a restart of its process does, and starts another one on the same stores.</summary>
    /// <returns>The address of the new one.</returns>
    public async Task<Uri> RestartAsync()
    {
        var settings = _dashboard.Services.GetRequiredService<DashboardSettings>();
        var stores = _dashboard.Services.GetRequiredService<DashboardStores>();
        await StopDashboardAsync(_dashboard);
        _dashboard = await StartDashboardAsync(settings, stores, Log);
        return Address;
    }

    /// <summary>Ends a dashboard without waiting for its open connections.</summary>
    public static async Task StopDashboardAsync(WebApplication app)
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopDashboardAsync(_dashboard);
        await _scheduler.StopAsync();
        await _scheduler.DisposeAsync();
        Data.Dispose();
        _folder.Dispose();
    }

    private static async Task<WebApplication> SchedulerAsync(TemporaryFolder folder, DataFolder data, TokenFile tokens, LogLines log)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.UseSerApi(new ApiSettings([new Uri("http://127.0.0.1:0")], ["localhost"], folder.At("data", "inputs")), tokens);
        builder.Services.AddSer(data, bus => bus.AddSchedulerConsumers()).AddScheduler();
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        app.MapSerApi();
        await app.StartAsync();
        return app;
    }

    /// <summary>A lifetime that signals to the test's process do not end.</summary>
    internal sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
