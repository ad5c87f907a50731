using System.Collections.Concurrent;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;

namespace Ser.Worker;

/// <summary>What a worker holds and what it was told: shared by its slots and by whoever speaks for it.</summary>
public sealed class Shift(WorkerSettings settings, TimeProvider clock) : IDisposable
{
    private readonly ConcurrentDictionary<Lease, byte> held = new();
    private readonly CancellationTokenSource noMore = new();
    private readonly CancellationTokenSource handBack = new();
    private readonly TaskCompletionSource<string> over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock one = new();
    private long lastWork = clock.GetTimestamp();
    private long lastFault;
    private long epochs;

    /// <summary>Leases of the jobs that run.</summary>
    public IReadOnlyList<Lease> Held => [.. held.Keys];

    /// <summary>Set when no more jobs are to be taken.</summary>
    public CancellationToken NoMore => noMore.Token;

    /// <summary>Set when those that run are to be handed back.</summary>
    public CancellationToken HandBack => handBack.Token;

    /// <summary>Completes, with the reason, when the worker has ended by itself: idle, drained or out of time.</summary>
    public Task<string> Over => over.Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        noMore.Dispose();
        handBack.Dispose();
    }

    internal void Begin(Lease lease) => held[lease] = 0;

    internal void End(Lease lease)
    {
        held.TryRemove(lease, out _);
        Volatile.Write(ref lastWork, clock.GetTimestamp());
    }

    /// <summary>Whether it is in quarantine: it takes no jobs for now.</summary>
    public bool Rests { get; private set; }

    /// <summary>Epochs that have been trained here.</summary>
    public long Epochs => Interlocked.Read(ref epochs);

    internal void EpochEnded() => Interlocked.Increment(ref epochs);

    /// <summary>A job has just failed here.</summary>
    internal void Faulted() => Volatile.Write(ref lastFault, clock.GetTimestamp());

    /// <summary>Whether one has failed here lately, so that others are better for it.</summary>
    internal bool HasFaultedLately => Volatile.Read(ref lastFault) is var at and not 0 && clock.GetElapsedTime(at).TotalSeconds < JobTransitions.Elsewhere;

    internal void Obey(WorkerOrder order)
    {
        Rests = order == WorkerOrder.Quarantine;
        if (order == WorkerOrder.HandBack)
        {
            handBack.Cancel();
        }

        if (order is WorkerOrder.Drain or WorkerOrder.HandBack)
        {
            noMore.Cancel();
        }
    }

    /// <summary>A slot has found nothing: looks whether that has been so for long enough.</summary>
    internal void FoundNothing()
    {
        if (settings.IdleAfter is { } patience && held.IsEmpty && clock.GetElapsedTime(Volatile.Read(ref lastWork)) >= patience)
        {
            Finish("idle");
        }
    }

    internal void Finish(string why)
    {
        lock (one)
        {
            if (!over.Task.IsCompleted)
            {
                noMore.Cancel();
                over.SetResult(why);
            }
        }
    }
}
