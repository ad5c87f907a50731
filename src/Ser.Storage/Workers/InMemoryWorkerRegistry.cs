using Ser.Domain.Workers;

namespace Ser.Storage.Workers;

/// <summary>The registry of the workers of this process; see <see cref="IWorkerRegistry"/>.</summary>
public sealed class InMemoryWorkerRegistry(TimeProvider clock) : IWorkerRegistry
{
    private static readonly TimeSpan RememberedFor = TimeSpan.FromDays(1);
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, WorkerInfo> _known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool Register(WorkerInfo worker)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            if (_known.TryGetValue(worker.Name, out var earlier) && earlier.Instance != worker.Instance && earlier.IsAliveAt(now))
            {
                return false;
            }

            bool quarantined = earlier is { Order: WorkerOrder.Quarantine };
            _known[worker.Name] = worker with
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
        lock (_gate)
        {
            if (!_known.TryGetValue(name, out var worker) || worker.Instance != instance)
            {
                return WorkerOrder.Work;
            }

            _known[name] = worker with { LastSeen = clock.GetUtcNow(), Running = running, Reading = reading ?? worker.Reading };
            return worker.Order;
        }
    }

    /// <inheritdoc/>
    public void Unregister(string name, string instance)
    {
        lock (_gate)
        {
            if (_known.TryGetValue(name, out var worker) && worker.Instance == instance && worker.Order != WorkerOrder.Quarantine)
            {
                _known.Remove(name);
            }
        }
    }

    /// <inheritdoc/>
    public bool Drain(string name, WorkerOrder order)
    {
        lock (_gate)
        {
            if (!_known.TryGetValue(name, out var worker))
            {
                return false;
            }

            _known[name] = worker with { Order = order, Quarantined = null };
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
        lock (_gate)
        {
            bool matches = _known.TryGetValue(name, out var worker) && worker.Order == from;
            if (matches)
            {
                _known[name] = change(worker!);
            }

            return matches;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<WorkerInfo> All()
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            return [.. _known.Values.Where(worker => now - worker.LastSeen < RememberedFor)];
        }
    }
}
