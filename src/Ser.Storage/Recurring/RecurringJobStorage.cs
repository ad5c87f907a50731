using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Microsoft.Extensions.DependencyInjection;

namespace Ser.Storage.Recurring;

/// <summary>
/// Storage of Hangfire, which runs recurring jobs. The schedules themselves are in the job store; leases, offers and results never depend
/// on Hangfire.
/// </summary>
public static class RecurringJobStorage
{
    /// <summary>Database schema of the tables of Hangfire.</summary>
    public const string Schema = "hangfire";

    /// <summary>
    /// Age at which the lock of a process that has ended is removed by the next one that asks for it. Hangfire holds its locks for
    /// seconds.
    /// </summary>
    public static readonly TimeSpan StaleLockAge = TimeSpan.FromMinutes(1);

    /// <summary>Keeps the state of Hangfire in this process.</summary>
    public static IServiceCollection AddRecurringJobsInMemory(this IServiceCollection services) =>
        services.AddHangfireWith(hangfire => hangfire.UseInMemoryStorage());

    /// <summary>Keeps the state of Hangfire in the farm's database, so that only one of several schedulers runs a due job.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="connectionString">Connection string of the job store.</param>
    public static IServiceCollection AddRecurringJobsOnPostgres(this IServiceCollection services, string connectionString)
    {
        var options = new PostgreSqlStorageOptions { SchemaName = Schema, DistributedLockTimeout = StaleLockAge };
        return services.AddHangfireWith(hangfire =>
            hangfire.UsePostgreSqlStorage(postgres => postgres.UseNpgsqlConnection(connectionString), options));
    }

    private static IServiceCollection AddHangfireWith(this IServiceCollection services, Action<IGlobalConfiguration> configureStorage) =>
        services.AddHangfire(hangfire =>
        {
            // No retries: a recurring job runs again at its next time anyway.
            hangfire
                .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
                .UseSimpleAssemblyNameTypeSerializer()
                .UseRecommendedSerializerSettings()
                .UseFilter(new AutomaticRetryAttribute { Attempts = 0 });
            configureStorage(hangfire);
        });
}
