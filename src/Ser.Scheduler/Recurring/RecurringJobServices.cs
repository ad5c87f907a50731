using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Ser.Storage.Recurring;

namespace Ser.Scheduler.Recurring;

/// <summary>Registers the recurring jobs of a scheduler. Their storage is registered by <see cref="RecurringJobStorage"/>.</summary>
public static class RecurringJobServices
{
    /// <summary>Adds the upkeep, the scheduled sweeps and the Hangfire server that runs them.</summary>
    public static IServiceCollection AddRecurringJobs(this IServiceCollection services, RetentionSettings retention)
    {
        GlobalConfiguration.Configuration.UseTypeResolver(RecurringJobTypes.Find);
        return services.AddJobs(retention);
    }

    private static IServiceCollection AddJobs(this IServiceCollection services, RetentionSettings retention) => services
        .AddSingleton(retention)
        .AddSingleton<Upkeep>()
        .AddSingleton<ScheduledSweeps>()
        .AddHostedService<RecurringJobRegistration>()
        .AddHangfireServer((host, server) =>
        {
            var timings = host.GetRequiredService<SchedulerTimings>();
            server.WorkerCount = 1;
            server.SchedulePollingInterval = timings.RecurringPollInterval;
            server.ShutdownTimeout = timings.RecurringShutdownTimeout;
        });
}
