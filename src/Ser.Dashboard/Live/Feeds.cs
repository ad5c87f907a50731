using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Ser.Dashboard.Pages.Workers;
using Ser.Domain.Jobs;
using Ser.Results;

namespace Ser.Dashboard.Live;

/// <summary>The feeds that pages watch. Each value is polled once per process, however many pages show it.</summary>
internal sealed class Feeds(
    DashboardStores stores,
    DashboardTimings timings,
    TimeProvider clock,
    ILogger<Feeds> log)
{
    private const int MaxFeeds = 64;
    private readonly ConcurrentDictionary<string, Feed<StoredSweep>> _sweeps = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Feed<SweepTimes>> _times = new(StringComparer.Ordinal);

    /// <summary>A summary of every sweep.</summary>
    public Feed<IReadOnlyList<SweepOverview>> Overview { get; } =
        new(() => ReadVersion(stores, null), _ => stores.Reads.Overviews(), timings.OverviewInterval, clock, log);

    /// <summary>Workers, running jobs and queues. Lease times run on, so the value is read again at every interval.</summary>
    public Feed<WorkersSnapshot> Workers { get; } =
        new(() => clock.GetUtcNow().ToString("O"), _ => WorkersSnapshot.Read(stores, clock), timings.OverviewInterval, clock, log);

    /// <summary>The newest entry of the audit log. Its version is the number of entries.</summary>
    public Feed<AuditPage> Audit { get; } =
        new(() => CountAuditEntries(stores), _ => NewestAuditEntry(stores), timings.OverviewInterval, clock, log);

    /// <summary>One sweep with its jobs.</summary>
    public Feed<StoredSweep> Sweep(string name)
    {
        RemoveUnwatched(_sweeps, name);
        Feed<StoredSweep> Create(string sweep) =>
            new(() => ReadVersion(stores, sweep), before => ReadSweep(sweep, before), timings.SweepInterval, clock, log);
        return _sweeps.GetOrAdd(name, Create);
    }

    /// <summary>The compute time that a sweep has used and still needs.</summary>
    public Feed<SweepTimes> Times(string name)
    {
        RemoveUnwatched(_times, name);
        Feed<SweepTimes> Create() =>
            new(() => ReadVersion(stores, name), _ => stores.Reads.Times(name), timings.OverviewInterval, clock, log);
        return _times.GetOrAdd(name, _ => Create());
    }

    private static AuditPage NewestAuditEntry(DashboardStores stores) => stores.Reads.SearchAudit(null, 0, 1);

    private static string CountAuditEntries(DashboardStores stores) =>
        NewestAuditEntry(stores).Total.ToString(CultureInfo.InvariantCulture);

    private static string ReadVersion(DashboardStores stores, string? sweep) =>
        stores.Reads.Version(sweep).ToString(CultureInfo.InvariantCulture);

    private static void RemoveUnwatched<T>(ConcurrentDictionary<string, Feed<T>> feeds, string keep)
        where T : class
    {
        if (feeds.Count > MaxFeeds)
        {
            foreach (var (name, feed) in feeds.Where(entry => !entry.Value.IsWatched && entry.Key != keep))
            {
                feeds.TryRemove(KeyValuePair.Create(name, feed));
            }
        }
    }

    // The definition and the corpus are large and rarely change, so they are parsed again only when the definition has changed.
    private StoredSweep ReadSweep(string name, StoredSweep? before)
    {
        if (before is null)
        {
            return StoredSweep.Read(stores.Reads, stores.Artifacts, name);
        }

        var snapshot = stores.Reads.Sweep(name);
        return snapshot.Definition == before.Snapshot.Definition
            ? before with { Snapshot = snapshot }
            : StoredSweep.Read(stores.Reads, stores.Artifacts, name);
    }
}
