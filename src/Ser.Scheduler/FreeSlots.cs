using System.Text.Json;
using Ser.Domain.Jobs;

namespace Ser.Scheduler;

/// <summary>
/// Matches free slots with jobs to offer. Requests that arrive during a match are handled together by the next one, so that they are
/// not all offered the same job. A slot for which there is no job is remembered until shortly after its next request is due, so
/// that jobs that become ready meanwhile are offered to it at once.
/// </summary>
public sealed class FreeSlots(
    IJobReads reads,
    SchedulerTimings timings,
    TimeProvider clock)
{
    private const int ReadAhead = 32;

    // More than any machine has. A message may say anything, and the sum over all workers must not overflow.
    private const int MaxSlotsOfWorker = 1_000;
    private readonly Lock _matchLock = new();
    private readonly Dictionary<string, Slots> _waiting = [];
    private readonly Dictionary<string, long> _offered = [];
    private readonly Dictionary<string, Claimable> _claimable = [];
    private int _isMatchPending;

    /// <summary>Records the number of free slots of a worker.</summary>
    public void Add(ClaimRequest request, int slots)
    {
        lock (_matchLock)
        {
            _waiting[request.Worker] = new Slots(request, Math.Clamp(slots, 0, MaxSlotsOfWorker), clock.GetTimestamp());
        }
    }

    /// <summary>Finds jobs for the waiting slots.</summary>
    /// <returns>
    /// Ids of jobs to offer, at most one for each waiting slot. Empty if another call is about to match, which will serve all slots.
    /// </returns>
    public IReadOnlyList<string> Match()
    {
        if (Interlocked.Exchange(ref _isMatchPending, 1) == 1)
        {
            return [];
        }

        lock (_matchLock)
        {
            Volatile.Write(ref _isMatchPending, 0);
            RemoveExpired();
            var kinds = _waiting.Values.GroupBy(slots => slots.Kind).Select(kind => kind.ToList()).ToList();

            // With several kinds of slots, one query often saves one for each kind.
            bool nothingIsReady = kinds.Count > 1 && reads.ClaimableJobs(1).Count == 0;
            return nothingIsReady ? [] : [.. kinds.SelectMany(MatchKind)];
        }
    }

    private void RemoveExpired()
    {
        RemoveOlderThan(timings.FreeSlotLifetime, _waiting, slots => slots.At);
        RemoveOlderThan(timings.ReadAheadLifetime, _claimable, jobs => jobs.At);
        RemoveOlderThan(timings.OfferLifetime, _offered, at => at);
    }

    private void RemoveOlderThan<T>(TimeSpan age, Dictionary<string, T> entries, Func<T, long> timestampOf)
    {
        var expired = entries.Where(entry => clock.GetElapsedTime(timestampOf(entry.Value)) > age);
        foreach (string key in expired.Select(entry => entry.Key).ToList())
        {
            entries.Remove(key);
        }
    }

    private IReadOnlyList<string> MatchKind(IReadOnlyList<Slots> kind)
    {
        var ids = TakeClaimable(kind[0], kind.Sum(slots => slots.Count));
        ids.ForEach(id => _offered[id] = clock.GetTimestamp());
        int left = ids.Count;
        foreach (var slots in kind)
        {
            int matched = Math.Min(left, slots.Count);
            left -= matched;
            if (matched == slots.Count)
            {
                _waiting.Remove(slots.Request.Worker);
            }
            else
            {
                _waiting[slots.Request.Worker] = slots with { Count = slots.Count - matched };
            }
        }

        return ids;
    }

    // One query of the store serves many requests that arrive one after the other. That the jobs may be claimed meanwhile does no harm,
    // because an offer does not reserve a job.
    private List<string> TakeClaimable(Slots slots, int count)
    {
        if (!_claimable.TryGetValue(slots.Kind, out var jobs) || jobs.Ids.Count < count)
        {
            var found = reads.ClaimableJobs(count + ReadAhead + _offered.Count, slots.Request);
            var notOffered = found.Where(id => !_offered.ContainsKey(id));
            _claimable[slots.Kind] = jobs = new Claimable(new Queue<string>(notOffered), clock.GetTimestamp());
        }

        var taken = new List<string>();
        while (taken.Count < count && jobs.Ids.TryDequeue(out string? id))
        {
            taken.Add(id);
        }

        return taken;
    }

    // Free slots of one worker. Slots of the same kind may claim the same jobs.
    private sealed record Slots(ClaimRequest Request, int Count, long At)
    {
        public string Kind { get; } = JsonSerializer.Serialize(
            Request with { Worker = Request.IsOnlyWorker ? "" : Request.WorkerName, CachedInputs = [] });
    }

    // Claimable jobs that were read ahead.
    private sealed record Claimable(Queue<string> Ids, long At);
}
