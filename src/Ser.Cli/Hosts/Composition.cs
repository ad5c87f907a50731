using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ser.Dashboard;
using Ser.Domain;
using Ser.Runners;
using Ser.Scheduler;
using Ser.Storage;
using Ser.Storage.Artifacts;
using Ser.Storage.Data;
using Ser.Storage.Farm;
using Ser.Storage.Jobs;
using Ser.Storage.Recurring;

namespace Ser.Cli.Hosts;

/// <summary>Where a host's jobs, artifacts and messages are. The mode is read here and nowhere else: a farm where its servers are configured, a data folder otherwise.</summary>
internal abstract class Composition : IDisposable
{
    private static readonly string[] FarmSections = ["Postgres", "RabbitMq", "S3"];

    /// <summary>Local folder of results in the making.</summary>
    internal abstract string Work { get; }

    /// <summary>What jobs share on this machine.</summary>
    internal abstract SharedCache Cache { get; }

    /// <exception cref="InputException">The folder has another runner, or the farm's settings are wrong.</exception>
    internal static Composition Open(IConfiguration configuration, string dataFolder, string command) => FarmOf(configuration) is { } farm
        ? new OfFarm(farm, new WorkFolders(dataFolder))
        : new OfFolder(DataFolder.OpenAsRunner(dataFolder, command));

    /// <summary>What the dashboard looks at, with nothing that could change it: the farm's stores, or a data folder beside whoever runs it.</summary>
    /// <exception cref="InputException">There is no such folder, its version is another, or the farm's settings are wrong.</exception>
    internal static DashboardStores OpenToLook(IConfiguration configuration, string dataFolder)
    {
        if (FarmOf(configuration) is { } farm)
        {
            PostgresJobs.Check(farm.Postgres);
            var jobs = PostgresJobs.Open(farm.Postgres);
            var folders = new WorkFolders(dataFolder);
            return new DashboardStores(jobs.Reads, new S3Artifacts(farm.S3, new ArtifactCache(folders.Artifacts, farm.CacheLimit, TimeProvider.System), TimeProvider.System), jobs.Workers);
        }

        var data = DataFolder.OpenForReading(dataFolder);
        return new DashboardStores(data.Reads, data.Artifacts, null);
    }

    /// <summary>The farm, or null where none of its servers is configured.</summary>
    /// <exception cref="InputException">Its settings are wrong.</exception>
    internal static FarmSettings? FarmOf(IConfiguration configuration) =>
        FarmSections.Any(section => configuration.GetSection(section).Exists()) ? FarmSettings.Read(configuration) : null;

    /// <summary>Whether the stores are of this version; an empty database is made ready.</summary>
    /// <param name="migrate">Whether one of an older version is brought to this version's.</param>
    /// <param name="workerRole">A database role that may do no more than workers do; null: none.</param>
    internal abstract void Prepare(bool migrate, string? workerRole);

    /// <summary>Stores and messages.</summary>
    /// <param name="services">Of the host.</param>
    /// <param name="consumers">Registers what the host's roles answer.</param>
    internal abstract void AddTo(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers);

    /// <summary>The same with what a worker needs beside itself.</summary>
    internal abstract void AddForWorker(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers);

    /// <summary>Where the clock keeps what it does.</summary>
    internal abstract void AddClock(IServiceCollection services);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    private sealed class OfFarm(FarmSettings settings, WorkFolders folders) : Composition
    {
        private WorkPlace? place;

        internal override string Work => (place ??= WorkPlace.Take(folders.Work)).Folder;

        internal override SharedCache Cache => new(folders.Cache, settings.DecodedLimit);

        internal override void Prepare(bool migrate, string? workerRole)
        {
            if (migrate)
            {
                PostgresJobs.Migrate(settings.Postgres);
            }

            PostgresJobs.Prepare(settings.Postgres);
            if (workerRole is not null)
            {
                PostgresJobs.GrantWorker(settings.Postgres, workerRole);
            }
        }

        internal override void AddTo(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers) => services.AddSerFarm(settings, folders, consumers);

        internal override void AddClock(IServiceCollection services) => services.AddClockOnPostgres(settings.Postgres);

        internal override void AddForWorker(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers)
        {
            PostgresJobs.Check(settings.Postgres);
            AddTo(services, consumers);
        }

        public override void Dispose() => place?.Dispose();
    }

    private sealed class OfFolder(DataFolder data) : Composition
    {
        internal override string Work => data.Work;

        internal override SharedCache Cache => new(data.Cache);

        // Opening the folder as its runner has brought it to this version's schema.
        internal override void Prepare(bool migrate, string? workerRole)
        {
        }

        internal override void AddTo(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers) => services.AddSer(data, consumers);

        internal override void AddClock(IServiceCollection services) => services.AddClockInMemory();

        // Nobody else would look at its results.
        internal override void AddForWorker(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers)
        {
            AddTo(services, bus =>
            {
                bus.AddSchedulerConsumers();
                consumers(bus);
            });
            services.AddScheduler();
        }

        public override void Dispose() => data.Dispose();
    }
}
