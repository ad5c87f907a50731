using Ser.Domain.Workers;

namespace Ser.Hosting.Workers;

/// <summary>The workers of this process; see <see cref="IWorkerRegistry"/>.</summary>
public sealed class MemoryWorkers(TimeProvider clock) : IWorkerRegistry
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);
    private readonly Lock one = new();
    private readonly SortedDictionary<string, WorkerInfo> known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool Announce(WorkerInfo worker)
    {
        lock (one)
        {
            var now = clock.GetUtcNow();
            if (known.TryGetValue(worker.Name, out var other) && other.Instance != worker.Instance && other.IsAliveAt(now))
            {
                return false;
            }

            known[worker.Name] = worker with { LastSeen = now, Order = WorkerOrder.Work };
            return true;
        }
    }

    /// <inheritdoc/>
    public WorkerOrder Seen(string name, string instance, IReadOnlyList<string> running)
    {
        lock (one)
        {
            if (!known.TryGetValue(name, out var worker) || worker.Instance != instance)
            {
                return WorkerOrder.Work;
            }

            known[name] = worker with { LastSeen = clock.GetUtcNow(), Running = running };
            return worker.Order;
        }
    }

    /// <inheritdoc/>
    public void Leave(string name, string instance)
    {
        lock (one)
        {
            if (known.TryGetValue(name, out var worker) && worker.Instance == instance)
            {
                known.Remove(name);
            }
        }
    }

    /// <inheritdoc/>
    public bool Drain(string name, WorkerOrder order)
    {
        lock (one)
        {
            if (!known.TryGetValue(name, out var worker))
            {
                return false;
            }

            known[name] = worker with { Order = order };
            return true;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<WorkerInfo> All()
    {
        lock (one)
        {
            var now = clock.GetUtcNow();
            return [.. known.Values.Where(worker => now - worker.LastSeen < Forgotten)];
        }
    }
}
