using Ser.Domain.Workers;

namespace Ser.Storage.Workers;

/// <summary>The registry of the workers of this process; see <see cref="IWorkerRegistry"/>.</summary>
public sealed class InMemoryWorkerRegistry(TimeProvider clock) : IWorkerRegistry
{
    private static readonly TimeSpan RememberedFor = TimeSpan.FromDays(1);
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, WorkerInfo> known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool Register(WorkerInfo worker)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (known.TryGetValue(worker.Name, out var earlier) && earlier.Instance != worker.Instance && earlier.IsAliveAt(now))
            {
                return false;
            }

            bool quarantined = earlier is { Order: WorkerOrder.Quarantine };
            known[worker.Name] = worker with
            {
                LastSeen = now,
                Order = quarantined ? WorkerOrder.Quarantine : WorkerOrder.Work,
                Quarantined = quarantined ? earlier!.Quarantined : null,
                Reinstated = earlier?.Reinstated ?? 0,
            };
            return true;
        }
    }

    /// <inheritdoc/>
    public WorkerOrder Heartbeat(string name, string instance, IReadOnlyList<string> running, WorkerReading? reading = null)
    {
        lock (gate)
        {
            if (!known.TryGetValue(name, out var worker) || worker.Instance != instance)
            {
                return WorkerOrder.Work;
            }

            known[name] = worker with { LastSeen = clock.GetUtcNow(), Running = running, Reading = reading ?? worker.Reading };
            return worker.Order;
        }
    }

    /// <inheritdoc/>
    public void Unregister(string name, string instance)
    {
        lock (gate)
        {
            if (known.TryGetValue(name, out var worker) && worker.Instance == instance && worker.Order != WorkerOrder.Quarantine)
            {
                known.Remove(name);
            }
        }
    }

    /// <inheritdoc/>
    public bool Drain(string name, WorkerOrder order)
    {
        lock (gate)
        {
            if (!known.TryGetValue(name, out var worker))
            {
                return false;
            }

            known[name] = worker with { Order = order, Quarantined = null };
            return true;
        }
    }

    /// <inheritdoc/>
    public bool Quarantine(string name, string why) =>
        Change(name, WorkerOrder.Work, worker => worker with { Order = WorkerOrder.Quarantine, Quarantined = why });

    /// <inheritdoc/>
    public bool Reinstate(string name) => Change(name, WorkerOrder.Quarantine, worker => worker with
    {
        Order = WorkerOrder.Work,
        Quarantined = null,
        Reinstated = clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0,
    });

    private bool Change(string name, WorkerOrder from, Func<WorkerInfo, WorkerInfo> change)
    {
        lock (gate)
        {
            bool matches = known.TryGetValue(name, out var worker) && worker.Order == from;
            if (matches)
            {
                known[name] = change(worker!);
            }

            return matches;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<WorkerInfo> All()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            return [.. known.Values.Where(worker => now - worker.LastSeen < RememberedFor)];
        }
    }
}
