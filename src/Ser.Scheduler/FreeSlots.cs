using System.Text.Json;
using Ser.Domain.Jobs;

namespace Ser.Scheduler;

/// <summary>
/// Slots that say that they are free, and what they may be offered. Those that ask while others are answered are answered together, so that they are not all offered the same job. A slot for which there was nothing is remembered
/// until it says so again, a second later: what is released meanwhile is offered to it at once.
/// </summary>
public sealed class FreeSlots(IJobReads reads, TimeProvider clock)
{
    /// <summary>So long a job that was offered may not have been claimed yet, and is not offered again.</summary>
    public static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(0.2);

    private const int Ahead = 32;
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1.5);
    private readonly Lock one = new();
    private readonly Dictionary<string, Waiting> waiting = [];
    private readonly Dictionary<string, long> offered = [];
    private readonly Dictionary<string, (Queue<string> Ids, long At)> stocks = [];
    private int about;

    /// <summary>So many slots of whoever asks so are free now.</summary>
    public void Say(ClaimRequest request, int slots)
    {
        lock (one)
        {
            waiting[request.Worker] = new Waiting(request, slots, clock.GetTimestamp());
        }
    }

    /// <summary>Finds jobs for them.</summary>
    /// <returns>Ids of jobs to offer: no more than slots that wait. None where somebody else is about to look, who then looks for all.</returns>
    public IReadOnlyList<string> Match()
    {
        if (Interlocked.Exchange(ref about, 1) == 1)
        {
            return [];
        }

        lock (one)
        {
            Volatile.Write(ref about, 0);
            Forget();
            var kinds = waiting.Values.GroupBy(slot => slot.Kind).Select(alike => alike.ToList()).ToList();
            return kinds.Count > 1 && reads.Claimable(1).Count == 0 ? [] : [.. kinds.SelectMany(MatchKind)];
        }
    }

    private void Forget()
    {
        foreach (string worker in waiting.Where(slot => clock.GetElapsedTime(slot.Value.At) > Remembered).Select(slot => slot.Key).ToList())
        {
            waiting.Remove(worker);
        }

        foreach (string kind in stocks.Where(stock => clock.GetElapsedTime(stock.Value.At) > Fresh).Select(stock => stock.Key).ToList())
        {
            stocks.Remove(kind);
        }

        foreach (string id in offered.Where(offer => clock.GetElapsedTime(offer.Value) > OnTheWay).Select(offer => offer.Key).ToList())
        {
            offered.Remove(id);
        }
    }

    private IReadOnlyList<string> MatchKind(IReadOnlyList<Waiting> alike)
    {
        int most = alike.Sum(slot => slot.Slots);
        var ready = Next(alike[0], most);
        ready.ForEach(id => offered[id] = clock.GetTimestamp());
        int left = ready.Count;
        foreach (var slot in alike)
        {
            int some = Math.Min(left, slot.Slots);
            left -= some;
            if (some == slot.Slots)
            {
                waiting.Remove(slot.Request.Worker);
            }
            else
            {
                waiting[slot.Request.Worker] = slot with { Slots = slot.Slots - some };
            }
        }

        return ready;
    }

    // Many that ask one by one are answered from one look at the store: an offer promises nothing, and the claim looks again.
    private List<string> Next(Waiting slot, int most)
    {
        if (!stocks.TryGetValue(slot.Kind, out var stock) || stock.Ids.Count < most)
        {
            var found = reads.Claimable(most + Ahead + offered.Count, slot.Request);
            stocks[slot.Kind] = stock = (new Queue<string>(found.Where(id => !offered.ContainsKey(id))), clock.GetTimestamp());
        }

        var next = new List<string>();
        while (next.Count < most && stock.Ids.TryDequeue(out string? id))
        {
            next.Add(id);
        }

        return next;
    }

    // Slots of one kind may take the same jobs.
    private sealed record Waiting(ClaimRequest Request, int Slots, long At)
    {
        public string Kind { get; } = JsonSerializer.Serialize(Request with { Worker = Request.Alone ? "" : Request.WorkerName, Holds = [] });
    }
}
