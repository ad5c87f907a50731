using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Cli.Progress;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Runners;
using Ser.Scheduler;
using Ser.Storage;
using Ser.Storage.Data;
using Ser.Worker;

namespace Ser.Cli.Sweeps;

/// <summary>Scheduler and worker in this process, until one sweep can go no further.</summary>
internal static class EmbeddedHost
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.25);

    /// <summary>Whether a sweep runs in this process, so that a signal must wait for its checkpoints.</summary>
    internal static bool Runs { get; private set; }

    /// <param name="data">Opened as its runner.</param>
    /// <param name="slots">Jobs at a time.</param>
    /// <param name="sweep">Name of the sweep.</param>
    /// <param name="submit">Submits it; null: it is there already.</param>
    /// <param name="interrupt">Ctrl-C: checkpoints are written and jobs handed back.</param>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    /// <exception cref="StorageException">The disk or the store failed.</exception>
    internal static async Task<SweepSnapshot> RunAsync(DataFolder data, int slots, string sweep, Action<Submission>? submit, CancellationToken interrupt)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true)
            .AddFilter("MassTransit", LogLevel.None).AddFilter("Microsoft", LogLevel.None); // what ends a service is thrown by EndOfAsync; a message cut off by the end is no news
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services
            .AddSer(data, bus =>
            {
                bus.AddSchedulerConsumers();
                bus.AddWorkerConsumers();
            })
            .AddScheduler()
            .AddWorker(new WorkerSettings($"{Environment.MachineName}/{Environment.ProcessId}", slots, data.Work, new SharedCache(data.Cache), sweep));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        using var host = builder.Build();
        submit?.Invoke(host.Services.GetRequiredService<Submission>());
        Runs = true;
        await host.StartAsync(interrupt);
        using var watched = new CancellationTokenSource();
        var display = new ProgressDisplay(() => data.Reads.Sweep(sweep), TimeProvider.System).RunAsync(watched.Token);
        try
        {
            await EndOfAsync(data, sweep, host.Services, interrupt);
        }
        finally
        {
            await watched.CancelAsync();
            try
            {
                await display;
            }
            finally
            {
                if (interrupt.IsCancellationRequested)
                {
                    Output.Say("stopping: writing checkpoints");
                }

                await host.StopAsync(CancellationToken.None);
                Runs = false;
            }
        }

        return data.Reads.Sweep(sweep);
    }

    private static async Task EndOfAsync(DataFolder data, string sweep, IServiceProvider services, CancellationToken interrupt)
    {
        var failure = services.GetRequiredService<RunnerFailure>();
        using var timer = new PeriodicTimer(Look, TimeProvider.System);
        while (data.Reads.Sweep(sweep).State == SweepState.Unfinished)
        {
            if (failure.Failed.IsCompleted)
            {
                throw await failure.Failed;
            }

            // A service that ends for another reason stops the host; without a look at it this would wait for ever.
            if (services.GetServices<IHostedService>().OfType<BackgroundService>().Select(service => service.ExecuteTask?.Exception?.InnerException)
                .FirstOrDefault(error => error is not null) is { } error)
            {
                throw error;
            }

            await timer.WaitForNextTickAsync(interrupt);
        }
    }

    // Signals are the command line's.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
