using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ser.Dashboard.Pages.Workers;
using Ser.Domain.Jobs;
using Ser.Results;

namespace Ser.Dashboard.Live;

/// <summary>Everything that pages watch: one poller for each thing in this process, whoever watches.</summary>
internal sealed class Feeds(DashboardStores stores, TimeProvider clock, ILogger<Feeds> log)
{
    private const int MostUnwatched = 64;
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, Feed<StoredSweep>> sweeps = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Feed<SweepTimes>> times = new(StringComparer.Ordinal);

    /// <summary>Every sweep in few words.</summary>
    public Feed<IReadOnlyList<SweepOverview>> Overview { get; } = new(() => stores.Reads.Mark(), _ => stores.Reads.Overview(), Seldom, clock, log);

    /// <summary>Workers, running jobs and queues: times pass, so it is another at every look.</summary>
    public Feed<WorkersNow> Workers { get; } = new(() => clock.GetUtcNow().ToString("O"), _ => WorkersNow.Read(stores, clock), Seldom, clock, log);

    /// <summary>The newest act, which is another when somebody has done something.</summary>
    public Feed<AuditPage> Audit { get; } = new(() => Newest(stores).Total.ToString(System.Globalization.CultureInfo.InvariantCulture), _ => Newest(stores), Seldom, clock, log);

    /// <summary>One sweep with its jobs.</summary>
    public Feed<StoredSweep> Sweep(string name)
    {
        Tidy(sweeps, name);
        return sweeps.GetOrAdd(name, _ => new Feed<StoredSweep>(() => stores.Reads.Mark(name), before => Read(name, before), Often, clock, log));
    }

    /// <summary>What a sweep has taken and what is to come.</summary>
    public Feed<SweepTimes> Times(string name)
    {
        Tidy(times, name);
        return times.GetOrAdd(name, _ => new Feed<SweepTimes>(() => stores.Reads.Mark(name), _ => stores.Reads.Times(name), Seldom, clock, log));
    }

    private static AuditPage Newest(DashboardStores stores) => stores.Reads.Audit(null, 0, 1);

    private static void Tidy<T>(ConcurrentDictionary<string, Feed<T>> feeds, string kept)
        where T : class
    {
        if (feeds.Count > MostUnwatched)
        {
            foreach (var (other, feed) in feeds.Where(known => !known.Value.IsWatched && known.Key != kept))
            {
                feeds.TryRemove(KeyValuePair.Create(other, feed));
            }
        }
    }

    // Definition and corpus are large and hardly ever change.
    private StoredSweep Read(string name, StoredSweep? before)
    {
        if (before is null)
        {
            return StoredSweep.Read(stores.Reads, stores.Artifacts, name);
        }

        var snapshot = stores.Reads.Sweep(name);
        return snapshot.Definition == before.Snapshot.Definition ? before with { Snapshot = snapshot } : StoredSweep.Read(stores.Reads, stores.Artifacts, name);
    }
}
