using System.Collections.Concurrent;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;

namespace Ser.Worker;

/// <summary>The jobs that a worker runs and the orders that it has received: shared by its slots and its heartbeat.</summary>
public sealed class WorkerState(WorkerSettings settings, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<Lease, byte> leases = new();
    private readonly CancellationTokenSource drain = new();
    private readonly CancellationTokenSource release = new();
    private readonly TaskCompletionSource<string> over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private long lastWork = clock.GetTimestamp();
    private long lastFault;
    private long epochs;

    /// <summary>Leases of the running jobs.</summary>
    public IReadOnlyList<Lease> RunningLeases => [.. leases.Keys];

    /// <summary>Cancelled when no more jobs are to be claimed.</summary>
    public CancellationToken StopClaiming => drain.Token;

    /// <summary>Cancelled when the running jobs are to be released.</summary>
    public CancellationToken StopRunning => release.Token;

    /// <summary>Completes with the reason when the worker ends without being stopped: idle, drained or out of time.</summary>
    public Task<string> Ended => over.Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        drain.Dispose();
        release.Dispose();
    }

    internal void JobStarted(Lease lease) => leases[lease] = 0;

    internal void JobEnded(Lease lease)
    {
        leases.TryRemove(lease, out _);
        Volatile.Write(ref lastWork, clock.GetTimestamp());
    }

    /// <summary>Whether the worker is quarantined and claims no jobs for now.</summary>
    public bool IsQuarantined { get; private set; }

    /// <summary>Epochs that this worker has trained.</summary>
    public long Epochs => Interlocked.Read(ref epochs);

    internal void EpochEnded() => Interlocked.Increment(ref epochs);

    /// <summary>Notes that a job has just failed on this worker.</summary>
    internal void JobFaulted() => Volatile.Write(ref lastFault, clock.GetTimestamp());

    /// <summary>Whether a job has failed here recently, so that another worker should retry it.</summary>
    internal bool HasFaultedRecently => Volatile.Read(ref lastFault) is var time and not 0
        && clock.GetElapsedTime(time).TotalSeconds < JobTransitions.AvoidWorkerSeconds;

    internal void Apply(WorkerOrder order)
    {
        IsQuarantined = order == WorkerOrder.Quarantine;
        if (order == WorkerOrder.ReleaseJobs)
        {
            release.Cancel();
        }

        if (order is WorkerOrder.Drain or WorkerOrder.ReleaseJobs)
        {
            drain.Cancel();
        }
    }

    /// <summary>Called when a slot has found no job: ends the worker if it has been idle for long enough.</summary>
    internal void NoJobFound()
    {
        if (settings.IdleAfter is { } idleAfter && leases.IsEmpty && clock.GetElapsedTime(Volatile.Read(ref lastWork)) >= idleAfter)
        {
            Finish("idle");
        }
    }

    internal void Finish(string why)
    {
        lock (gate)
        {
            if (!over.Task.IsCompleted)
            {
                drain.Cancel();
                over.SetResult(why);
            }
        }
    }
}
