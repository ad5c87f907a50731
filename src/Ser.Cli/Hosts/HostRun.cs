using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Ser.Worker;

namespace Ser.Cli.Hosts;

/// <summary>Runs a host until it is asked to stop, or until its worker ends by itself.</summary>
internal static class HostRun
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(18);

    /// <summary>Whether a host runs in this process, so that a signal stops it in good order.</summary>
    internal static bool Runs { get; private set; }

    internal static void Prepare(ILoggingBuilder logging, IServiceCollection services)
    {
        logging.SetMinimumLevel(LogLevel.Information).AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z' ";
            console.UseUtcTimestamp = true;
        }).AddFilter("MassTransit", LogLevel.Error).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Hangfire", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error); // that its keys lie unsealed in a folder of mode 700
        services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = StopWithin);
        services.AddSingleton<IHostLifetime, NoLifetime>();
    }

    /// <returns>The exit code: a host that was asked to stop has done what it should.</returns>
    internal static async Task<int> UntilStoppedAsync(IHost host, bool endsWithWorker, Action started, CancellationToken interrupt)
    {
        Runs = true;
        try
        {
            await host.StartAsync(interrupt);
            started();
            var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var onInterrupt = interrupt.Register(asked.SetResult);
            await using var onEnd = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => asked.TrySetResult());
            var failure = host.Services.GetService<RunnerFailure>()?.Failed ?? new TaskCompletionSource<Exception>().Task;
            var over = (endsWithWorker ? host.Services.GetRequiredService<Shift>().Over : null) ?? new TaskCompletionSource<string>().Task;
            await Task.WhenAny(asked.Task, failure, over);
            Output.Say(over.IsCompleted ? $"stopping: {await over}" : "stopping");
            await host.StopAsync(CancellationToken.None);
            return failure.IsCompleted ? throw await failure : FailureOf(host) is { } error ? throw error : CommandLine.Done;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            await host.StopAsync(CancellationToken.None);
            return CommandLine.Done;
        }
        finally
        {
            Runs = false;
        }
    }

    // A service that fails stops the host, and the reason is with the service.
    private static Exception? FailureOf(IHost host) => host.Services.GetServices<IHostedService>().OfType<BackgroundService>()
        .Select(service => service.ExecuteTask?.Exception?.InnerException).FirstOrDefault(error => error is not null and not OperationCanceledException);

    // Signals are the command line's.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
