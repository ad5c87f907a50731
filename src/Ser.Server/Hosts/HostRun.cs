using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Ser.Server.Hosts;

/// <summary>Runs a host until it is asked to stop, or until its worker ends by itself.</summary>
internal static class HostRun
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(18);

    internal static void Prepare(ILoggingBuilder logging, IServiceCollection services)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss'Z' ";
            console.UseUtcTimestamp = true;
        });
        logging.AddFilter("MassTransit", LogLevel.Error);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Hangfire", LogLevel.Warning);

        // Its warning that keys are stored unencrypted does not apply: their folder has mode 700.
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout);
        services.AddSingleton<IHostLifetime, NoLifetime>();
    }

    /// <returns>The exit code; a host that stops because it was asked to has succeeded.</returns>
    internal static async Task<int> UntilStoppedAsync(IHost host, WorkerTasks? worker, Action started, Interrupts interrupts)
    {
        using var scope = interrupts.EnterScope();
        var interrupt = interrupts.Token;
        try
        {
            await host.StartAsync(interrupt);
            started();
            var stopRequest = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
            await using var onInterrupt = interrupt.Register(stopRequest.SetResult);
            await using var onStopping = lifetime.ApplicationStopping.Register(() => stopRequest.TrySetResult());
            var failure = worker?.Failed ?? new TaskCompletionSource<Exception>().Task;
            var workerEnd = worker?.Ended ?? new TaskCompletionSource<string>().Task;
            await Task.WhenAny(stopRequest.Task, failure, workerEnd);
            Output.WriteMessage(workerEnd.IsCompleted ? $"stopping: {await workerEnd}" : "stopping");
            await host.StopAsync(CancellationToken.None);
            return failure.IsCompleted ? throw await failure : FailureOf(host) is { } error ? throw error : CommandLine.Done;
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            await host.StopAsync(CancellationToken.None);
            return CommandLine.Done;
        }
    }

    internal static ICollection<string> AddressesOf(IServer server) => server.Features.Get<IServerAddressesFeature>()!.Addresses;

    // A service that fails stops the host, but only the service itself has the exception.
    private static Exception? FailureOf(IHost host)
    {
        var services = host.Services.GetServices<IHostedService>().OfType<BackgroundService>();
        return services.Select(service => service.ExecuteTask?.Exception?.InnerException)
            .FirstOrDefault(error => error is not null and not OperationCanceledException);
    }

    // Signals are handled by CommandLine, so the host must not register handlers of its own.
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
