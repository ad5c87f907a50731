using System.Collections.Concurrent;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;

namespace Ser.Worker;

/// <summary>The jobs that a worker runs and the orders that it has received: shared by its slots and its heartbeat.</summary>
public sealed class WorkerState(WorkerSettings settings, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<Lease, byte> _leases = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _release = new();
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private long _lastWork = clock.GetTimestamp();
    private long _lastFault;
    private long _epochs;

    /// <summary>Leases of the running jobs.</summary>
    public IReadOnlyList<Lease> RunningLeases => [.. _leases.Keys];

    /// <summary>Cancelled when no more jobs are to be claimed.</summary>
    public CancellationToken StopClaiming => _drain.Token;

    /// <summary>Cancelled when the running jobs are to be released.</summary>
    public CancellationToken StopRunning => _release.Token;

    /// <summary>Completes with the reason when the worker ends without being stopped: idle, drained or out of time.</summary>
    public Task<string> Ended => _over.Task;

    /// <summary>Completes with the exception that ended a slot, nearly always a storage failure, which ends the host.</summary>
    public Task<Exception> Failed => _failed.Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        _drain.Dispose();
        _release.Dispose();
    }

    /// <summary>Reports the exception that ended a slot; only the first report counts.</summary>
    internal void SlotFailed(Exception error) => _failed.TrySetResult(error);

    internal void JobStarted(Lease lease) => _leases[lease] = 0;

    internal void JobEnded(Lease lease)
    {
        _leases.TryRemove(lease, out _);
        Volatile.Write(ref _lastWork, clock.GetTimestamp());
    }

    /// <summary>Whether the worker is quarantined and claims no jobs for now.</summary>
    public bool IsQuarantined { get; private set; }

    /// <summary>Epochs that this worker has trained.</summary>
    public long Epochs => Interlocked.Read(ref _epochs);

    internal void EpochEnded() => Interlocked.Increment(ref _epochs);

    /// <summary>Notes that a job has just failed on this worker.</summary>
    internal void JobFaulted() => Volatile.Write(ref _lastFault, clock.GetTimestamp());

    /// <summary>Whether a job has failed here recently, so that another worker should retry it.</summary>
    internal bool HasFaultedRecently => Volatile.Read(ref _lastFault) is var time and not 0
        && clock.GetElapsedTime(time).TotalSeconds < JobTransitions.AvoidWorkerSeconds;

    internal void Apply(WorkerOrder order)
    {
        IsQuarantined = order == WorkerOrder.Quarantine;
        if (order == WorkerOrder.ReleaseJobs)
        {
            _release.Cancel();
        }

        if (order is WorkerOrder.Drain or WorkerOrder.ReleaseJobs)
        {
            _drain.Cancel();
        }
    }

    /// <summary>Called when a slot has found no job: ends the worker if it has been idle for long enough.</summary>
    internal void NoJobFound()
    {
        if (settings.IdleAfter is { } idleAfter && _leases.IsEmpty && clock.GetElapsedTime(Volatile.Read(ref _lastWork)) >= idleAfter)
        {
            Finish("idle");
        }
    }

    internal void Finish(string why)
    {
        lock (_gate)
        {
            if (!_over.Task.IsCompleted)
            {
                _drain.Cancel();
                _over.SetResult(why);
            }
        }
    }
}
