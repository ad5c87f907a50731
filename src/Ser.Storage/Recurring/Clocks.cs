using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Microsoft.Extensions.DependencyInjection;

namespace Ser.Storage.Recurring;

/// <summary>Where Hangfire, the clock of what may be late, keeps what it does. What is due is in the job store; leases, offers and results never depend on it.</summary>
public static class Clocks
{
    /// <summary>Tables of Hangfire, beside those of the jobs.</summary>
    public const string Schema = "hangfire";

    /// <summary>In this process.</summary>
    public static IServiceCollection AddClockInMemory(this IServiceCollection services) => services.AddClock(clock => clock.UseInMemoryStorage());

    /// <summary>In the farm's database: of several schedulers one does what is due.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="connectionString">Of the job store.</param>
    public static IServiceCollection AddClockOnPostgres(this IServiceCollection services, string connectionString) => services.AddClock(clock =>
        clock.UsePostgreSqlStorage(postgres => postgres.UseNpgsqlConnection(connectionString), new PostgreSqlStorageOptions { SchemaName = Schema }));

    private static IServiceCollection AddClock(this IServiceCollection services, Action<IGlobalConfiguration> storage) => services.AddHangfire(clock =>
    {
        clock.SetDataCompatibilityLevel(CompatibilityLevel.Version_180).UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings()
            .UseFilter(new AutomaticRetryAttribute { Attempts = 0 }); // what is due comes again by itself
        storage(clock);
    });
}
