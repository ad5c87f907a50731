using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ser.Domain.Jobs;
using Ser.Results;

namespace Ser.Dashboard.Reading;

/// <summary>
/// Headlines of many sweeps, computed in the background one at a time, the most recently requested first. The list of sweeps is
/// shown before they are ready.
/// </summary>
internal sealed class Headlines(DashboardStores stores, TablesCache tables, ILogger<Headlines> log)
{
    private const int MaxQueued = 500;
    private readonly ConcurrentDictionary<string, CachedHeadline> _cache = new(StringComparer.Ordinal);
    private readonly Lock _queueLock = new();
    private readonly List<SweepOverview> _queue = [];
    private bool _computing;

    /// <summary>Raised on a thread of the pool after a headline has been computed.</summary>
    public event Action? Computed;

    /// <summary>
    /// The latest known headline of a sweep. If <paramref name="pending"/> is set, a newer one is being computed.
    /// </summary>
    public Headline? Get(SweepOverview sweep, out bool pending)
    {
        pending = false;
        if (sweep.Done == 0)
        {
            return null;
        }

        bool found = _cache.TryGetValue(sweep.Name, out var cached);
        if (found && cached!.Accepted == sweep.ResultsVersion)
        {
            return cached.Headline;
        }

        pending = true;
        Enqueue(sweep);
        return cached?.Headline;
    }

    private void Enqueue(SweepOverview sweep)
    {
        lock (_queueLock)
        {
            _queue.RemoveAll(other => other.Name == sweep.Name);
            if (_queue.Count < MaxQueued)
            {
                _queue.Add(sweep);
            }

            if (!_computing)
            {
                _computing = true;
                _ = Task.Run(ComputeQueuedAsync);
            }
        }
    }

    private async Task ComputeQueuedAsync()
    {
        while (Dequeue() is { } sweep)
        {
            Headline? headline = null;
            try
            {
                var stored = StoredSweep.Read(stores.Reads, stores.Artifacts, sweep.Name);
                headline = (await tables.GetAsync(stored)).Headline;
            }
            catch (Exception unreadable)
            {
                // The list is shown without this headline; the page of the sweep shows the details of the problem.
                log.LogWarning("cannot compute the results of {Sweep}: {Reason}", sweep.Name, unreadable.Message);
            }

            _cache[sweep.Name] = new CachedHeadline(sweep.ResultsVersion, headline);
            Computed?.Invoke();
        }
    }

    private SweepOverview? Dequeue()
    {
        lock (_queueLock)
        {
            if (_queue.Count == 0)
            {
                _computing = false;
                return null;
            }

            var next = _queue[^1];
            _queue.RemoveAt(_queue.Count - 1);
            return next;
        }
    }

    private sealed record CachedHeadline(long Accepted, Headline? Headline);
}
