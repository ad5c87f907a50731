using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ser.Domain.Artifacts;
using Ser.Storage.Artifacts;
using Ser.Storage.Data;
using Ser.Storage.Farm;
using Ser.Storage.Jobs;
using Ser.Storage.Messages;
using Ser.Storage.Outages;

namespace Ser.Storage;

/// <summary>The composition root: the only code that distinguishes embedded mode from farm mode.</summary>
public static class SerServices
{
    /// <summary>Embedded: jobs in SQLite and artifacts in files of one data folder, messages in memory.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="data">The data folder, opened as its runner.</param>
    /// <param name="consumers">Registers the message consumers of the host's roles.</param>
    public static IServiceCollection AddSer(
        this IServiceCollection services, DataFolder data, Action<IBusRegistrationConfigurator> consumers)
    {
        services.AddSingleton(TimeProvider.System);
        data.Jobs.Register(services);
        services.AddSingleton(data.Reads);
        services.AddSingleton(data.Artifacts);
        services.AddSingleton(OwnCorpora.None);
        services.AddSingleton<OutagePolicy>(new EndProcess());
        services.AddMessagesInMemory(consumers);
        return services.AllowSlowShutdown();
    }

    /// <summary>Farm: jobs in PostgreSQL, artifacts in S3 behind a cache, messages over RabbitMQ.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="settings">Where the servers are.</param>
    /// <param name="folders">Local folders of this machine; several processes may share them.</param>
    /// <param name="consumers">Registers the message consumers of the host's roles.</param>
    public static IServiceCollection AddSerFarm(
        this IServiceCollection services, FarmSettings settings, WorkFolders folders, Action<IBusRegistrationConfigurator> consumers)
    {
        var jobs = PostgresJobs.Open(settings.Postgres);
        services.AddSingleton(TimeProvider.System);
        jobs.Jobs.Register(services);
        services.AddSingleton(jobs.Reads);
        services.AddSingleton(jobs.Workers);
        services.AddSingleton(_ => new ArtifactCache(folders.Artifacts, settings.CacheLimit, TimeProvider.System));
        services.AddSingleton<IArtifactStore>(host =>
            new S3Artifacts(settings.S3, host.GetRequiredService<ArtifactCache>(), TimeProvider.System));
        services.AddSingleton(new OwnCorpora(settings.OwnCorpora));
        services.AddSingleton<OutagePolicy>(new RetryUntilAvailable(RetryUntilAvailable.DefaultDelay, TimeProvider.System));
        services.AddMessagesOverRabbitMq(settings.RabbitMq, consumers);
        return services.AllowSlowShutdown();
    }

    // Writing the checkpoint of a large model can take minutes.
    private static IServiceCollection AllowSlowShutdown(this IServiceCollection services) =>
        services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMinutes(5));
}
