using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Cli.Progress;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Runners;
using Ser.Scheduler;
using Ser.Server;
using Ser.Server.Hosts;
using Ser.Storage;
using Ser.Storage.Data;
using Ser.Worker;

namespace Ser.Cli.Sweeps;

/// <summary>Scheduler and worker in this process, until one sweep has ended.</summary>
internal static class EmbeddedHost
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(0.25);

    /// <param name="data">The data folder, opened as its runner.</param>
    /// <param name="slots">Jobs run in parallel.</param>
    /// <param name="sweep">Name of the sweep.</param>
    /// <param name="submit">Submits the sweep; null: it was submitted before.</param>
    /// <param name="interrupts">Ctrl-C: checkpoints are written and jobs released.</param>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    /// <exception cref="StorageException">The disk or the store failed.</exception>
    internal static async Task<SweepSnapshot> RunAsync(
        DataFolder data,
        int slots,
        string sweep,
        Action<Submission>? submit,
        Interrupts interrupts)
    {
        var interrupt = interrupts.Token;
        using var host = Build(data, slots, sweep);
        submit?.Invoke(host.Services.GetRequiredService<Submission>());
        using var scope = interrupts.EnterScope();
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
                    Output.WriteMessage("stopping: writing checkpoints");
                }

                await host.StopAsync(CancellationToken.None);
            }
        }

        return data.Reads.Sweep(sweep);
    }

    private static IHost Build(DataFolder data, int slots, string sweep)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);

        // EndOfAsync throws the exception that ends a service, and messages that are cut off at the end of the host are expected.
        builder.Logging.AddFilter("MassTransit", LogLevel.None);
        builder.Logging.AddFilter("Microsoft", LogLevel.None);
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace);

        string worker = $"{Environment.MachineName}/{Environment.ProcessId}";
        builder.Services.AddSer(data, bus =>
        {
            bus.AddSchedulerConsumers();
            bus.AddWorkerConsumers();
        });
        builder.Services.AddScheduler();
        builder.Services.AddWorker(new WorkerSettings(worker, slots, data.Work, new SharedCache(data.Cache), sweep));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder.Build();
    }

    private static async Task EndOfAsync(DataFolder data, string sweep, IServiceProvider services, CancellationToken interrupt)
    {
        var worker = services.GetRequiredService<WorkerState>();
        using var timer = new PeriodicTimer(PollInterval, TimeProvider.System);
        while (data.Reads.Sweep(sweep).State == SweepState.Unfinished)
        {
            if (worker.Failed.IsCompleted)
            {
                throw await worker.Failed;
            }

            // A service that fails stops the host without ending the sweep, so without this check the loop would never end.
            var backgroundServices = services.GetServices<IHostedService>().OfType<BackgroundService>();
            var errors = backgroundServices.Select(service => service.ExecuteTask?.Exception?.InnerException);
            if (errors.FirstOrDefault(error => error is not null) is { } error)
            {
                throw error;
            }

            await timer.WaitForNextTickAsync(interrupt);
        }
    }

    // Signals are handled by CommandLine, so the host must not register handlers of its own.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
