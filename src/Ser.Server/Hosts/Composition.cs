using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ser.Dashboard;
using Ser.Domain;
using Ser.Scheduler;
using Ser.Storage;
using Ser.Storage.Artifacts;
using Ser.Storage.Data;
using Ser.Storage.Farm;
using Ser.Storage.Jobs;
using Ser.Storage.Recurring;

namespace Ser.Server.Hosts;

/// <summary>
/// The stores and the message transport of a host. Only this class decides the mode:
/// a farm where its servers are configured, a data folder otherwise.
/// </summary>
internal abstract class Composition : IDisposable
{
    private static readonly string[] FarmSections = ["Postgres", "RabbitMq", "S3"];

    /// <summary>Local folder for results that jobs are writing.</summary>
    internal abstract string Work { get; }

    /// <summary>What jobs share on this machine.</summary>
    internal abstract SharedCache Cache { get; }

    /// <exception cref="InputException">Another process runs the folder, or the farm's settings are wrong.</exception>
    internal static Composition Open(IConfiguration configuration, string dataFolder, string command) => FindFarm(configuration) is { } farm
        ? new FarmComposition(farm, new WorkFolders(dataFolder))
        : new FolderComposition(DataFolder.OpenAsRunner(dataFolder, command));

    /// <summary>What a host is attached to: the farm's servers or the data folder, without passwords and keys.</summary>
    /// <exception cref="InputException">The farm's settings are wrong.</exception>
    internal static string Describe(IConfiguration configuration, string dataFolder) => FindFarm(configuration) is { } farm
        ? $"farm at {FarmAddress.Describe(farm)}"
        : $"data folder {dataFolder}, no farm configured";

    /// <summary>Read-only stores for the dashboard: the farm's, or those of a data folder that another process may be running.</summary>
    /// <exception cref="InputException">There is no such folder, it is of another version, or the farm's settings are wrong.</exception>
    internal static DashboardStores OpenReadOnly(IConfiguration configuration, string dataFolder)
    {
        if (FindFarm(configuration) is { } farm)
        {
            PostgresJobs.RequireCurrentSchema(farm.Postgres);
            var jobs = PostgresJobs.Open(farm.Postgres);
            var cache = new ArtifactCache(new WorkFolders(dataFolder).Artifacts, farm.CacheLimit, TimeProvider.System);
            return new DashboardStores(jobs.Reads, new S3Artifacts(farm.S3, cache, TimeProvider.System), jobs.Workers);
        }

        var data = DataFolder.OpenForReading(dataFolder);
        return new DashboardStores(data.Reads, data.Artifacts, null);
    }

    /// <summary>The farm, or null where none of its servers is configured.</summary>
    /// <exception cref="InputException">Its settings are wrong.</exception>
    internal static FarmSettings? FindFarm(IConfiguration configuration) =>
        FarmSections.Any(section => configuration.GetSection(section).Exists()) ? FarmSettings.Read(configuration) : null;

    /// <summary>Checks that the stores are of this version; sets up an empty database.</summary>
    /// <param name="migrate">Whether a database of an older version is migrated to this version's schema.</param>
    /// <param name="workerRole">A database role that is granted only what workers need; null: none.</param>
    internal abstract void Prepare(bool migrate, string? workerRole);

    /// <summary>Adds the stores and the message transport.</summary>
    /// <param name="services">The services of the host.</param>
    /// <param name="consumers">Registers the message consumers of the host's roles.</param>
    internal abstract void AddTo(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers);

    /// <summary>The same for a worker without a scheduler in its process.</summary>
    internal abstract void AddForWorker(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers);

    /// <summary>Adds the storage of the recurring jobs.</summary>
    internal abstract void AddRecurringJobStorage(IServiceCollection services);

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    private sealed class FarmComposition(FarmSettings settings, WorkFolders folders) : Composition
    {
        private ProcessFolder? _workFolder;

        internal override string Work => (_workFolder ??= ProcessFolder.Create(folders.Work)).Folder;

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

        internal override void AddTo(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers) =>
            services.AddSerFarm(settings, folders, consumers);

        internal override void AddRecurringJobStorage(IServiceCollection services) =>
            services.AddRecurringJobsOnPostgres(settings.Postgres);

        internal override void AddForWorker(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers)
        {
            PostgresJobs.RequireCurrentSchema(settings.Postgres);
            AddTo(services, consumers);
        }

        public override void Dispose() => _workFolder?.Dispose();
    }

    private sealed class FolderComposition(DataFolder data) : Composition
    {
        internal override string Work => data.Work;

        internal override SharedCache Cache => new(data.Cache);

        // Opening the folder as its runner has migrated it to this version's schema.
        internal override void Prepare(bool migrate, string? workerRole)
        {
        }

        internal override void AddTo(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers) =>
            services.AddSer(data, consumers);

        internal override void AddRecurringJobStorage(IServiceCollection services) => services.AddRecurringJobsInMemory();

        // The worker is the only process on the folder, so the scheduler that accepts its results runs in it too.
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
