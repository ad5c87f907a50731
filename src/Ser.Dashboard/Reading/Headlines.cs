using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ser.Domain.Jobs;
using Ser.Results;

namespace Ser.Dashboard.Reading;

/// <summary>Headlines of many sweeps, computed in the background, one at a time, the last asked for first. A list is shown before they are there.</summary>
internal sealed class Headlines(DashboardStores stores, TablesCache tables, ILogger<Headlines> log)
{
    private const int MostWaiting = 500;
    private readonly ConcurrentDictionary<string, (int Accepted, Headline? Headline)> known = new(StringComparer.Ordinal);
    private readonly Lock one = new();
    private readonly List<SweepOverview> waiting = [];
    private bool works;

    /// <summary>A headline has come, on a thread of the pool.</summary>
    public event Action? Came;

    /// <summary>The headline of a sweep as far as it is known; a newer one is on its way where <paramref name="pending"/> is set.</summary>
    public Headline? Of(SweepOverview sweep, out bool pending)
    {
        pending = false;
        if (sweep.Done == 0)
        {
            return null;
        }

        if (known.TryGetValue(sweep.Name, out var entry) && entry.Accepted == sweep.Accepted)
        {
            return entry.Headline;
        }

        pending = true;
        lock (one)
        {
            waiting.RemoveAll(other => other.Name == sweep.Name);
            if (waiting.Count < MostWaiting)
            {
                waiting.Add(sweep);
            }

            if (!works)
            {
                works = true;
                _ = Task.Run(WorkAsync);
            }
        }

        return entry.Headline;
    }

    private async Task WorkAsync()
    {
        while (Next() is { } sweep)
        {
            Headline? headline = null;
            try
            {
                headline = (await tables.OfAsync(StoredSweep.Read(stores.Reads, stores.Artifacts, sweep.Name))).Headline;
            }
            catch (Exception unread)
            {
                // The page of the sweep says more; a list goes on without it.
                log.LogWarning("the results of {Sweep} cannot be read: {Why}", sweep.Name, unread.Message);
            }

            known[sweep.Name] = (sweep.Accepted, headline);
            Came?.Invoke();
        }
    }

    private SweepOverview? Next()
    {
        lock (one)
        {
            if (waiting.Count == 0)
            {
                works = false;
                return null;
            }

            var next = waiting[^1];
            waiting.RemoveAt(waiting.Count - 1);
            return next;
        }
    }
}
