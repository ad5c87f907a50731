using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ser.Domain.Jobs;
using Ser.Runners;
using Ser.Scheduler;
using Ser.Storage;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Worker.Tests;

/// <summary>Scheduler and worker as an embedded host composes them, with toy stages in place of the pipeline's.</summary>
internal sealed class HostUnderTest : IAsyncDisposable
{
    // A limit for tests that hang; nothing else depends on it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IHost _host;

    private HostUnderTest(IHost host, DataFolder data) => (_host, Data) = (host, data);

    public DataFolder Data { get; }

    public WorkerState Worker => _host.Services.GetRequiredService<WorkerState>();

    public static Task<HostUnderTest> StartAsync(
        string folder,
        int slots,
        Action<string, StageContext, CancellationToken> before,
        params string[] folds) =>
        StartAsync(folder, slots, before, Plans.Sweep("sweep", folds));

    public static async Task<HostUnderTest> StartAsync(
        string folder,
        int slots,
        Action<string, StageContext, CancellationToken> before,
        SweepPlan sweep)
    {
        var data = DataFolder.OpenAsRunner(folder, "test");
        data.Jobs.Sweeps.Submit(sweep);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services
            .AddSer(data, bus =>
            {
                bus.AddSchedulerConsumers();
                bus.AddWorkerConsumers();
            })
            .AddScheduler()
            .AddWorker(new WorkerSettings("w", slots, data.Work, new SharedCache(data.Cache), "sweep", new Dictionary<string, string>()))
            .AddSingleton(ToyStage.All(before));
        var host = builder.Build();
        await host.StartAsync();
        return new HostUnderTest(host, data);
    }

    /// <summary>Waits until the sweep meets a condition.</summary>
    public async Task<SweepSnapshot> WaitForAsync(Func<SweepSnapshot, bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var sweep = Data.Reads.Sweep("sweep");
            if (condition(sweep))
            {
                return sweep;
            }

            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>Stops the host and waits for its end.</summary>
    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
        Data.Dispose();
    }
}
