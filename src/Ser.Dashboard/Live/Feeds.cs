using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ser.Dashboard.Pages.Workers;
using Ser.Domain.Jobs;
using Ser.Scheduler.Results;

namespace Ser.Dashboard.Live;

/// <summary>Everything that pages watch: one poller for each thing in this process, whoever watches.</summary>
internal sealed class Feeds(DashboardStores stores, TimeProvider clock, ILogger<Feeds> log)
{
    private const int MostUnwatched = 64;
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Seldom = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, Feed<StoredSweep>> sweeps = new(StringComparer.Ordinal);

    /// <summary>Every sweep in few words.</summary>
    public Feed<IReadOnlyList<SweepOverview>> Overview { get; } = new(() => stores.Reads.Mark(), _ => stores.Reads.Overview(), Seldom, clock, log);

    /// <summary>Workers, running jobs and queues: times pass, so it is another at every look.</summary>
    public Feed<WorkersNow> Workers { get; } = new(() => clock.GetUtcNow().ToString("O"), _ => WorkersNow.Read(stores, clock), Seldom, clock, log);

    /// <summary>One sweep with its jobs.</summary>
    public Feed<StoredSweep> Sweep(string name)
    {
        if (sweeps.Count > MostUnwatched)
        {
            foreach (var (other, feed) in sweeps.Where(known => !known.Value.IsWatched && known.Key != name))
            {
                sweeps.TryRemove(KeyValuePair.Create(other, feed));
            }
        }

        return sweeps.GetOrAdd(name, _ => new Feed<StoredSweep>(() => stores.Reads.Mark(name), before => Read(name, before), Often, clock, log));
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
