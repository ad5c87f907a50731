using MassTransit;
using Ser.Domain.Jobs;
using Ser.Storage.Messages;

namespace Ser.Worker;

/// <summary>
/// What a worker and the scheduler tell each other. Every message may be lost: slots that hear nothing claim by themselves, and the
/// scheduler finds completed attempts in the store.
/// </summary>
/// <param name="bus">Carries the messages.</param>
/// <param name="offers">Wakes slots when an offer arrives.</param>
public sealed class SchedulerMessages(IBus bus, OfferSignal offers)
{
    /// <summary>Announces a free slot and waits for an offer, at most until the limit.</summary>
    internal async Task AnnounceSlotAsync(ClaimRequest request, TimeSpan limit, CancellationToken stop)
    {
        // The scheduler does not need the digests, which are many.
        await bus.PublishBestEffortAsync(new SlotsFree(request with { CachedInputs = [] }, 1), stop);
        await offers.WaitAsync(limit, stop);
    }

    /// <summary>Announces a result that waits for acceptance.</summary>
    internal Task AnnounceCompletedAsync(Lease lease) =>
        bus.PublishBestEffortAsync(new AttemptCompleted(lease.JobId, lease.Attempt), CancellationToken.None);
}

/// <summary>
/// Wakes idle slots when an offer arrives. An offer that no slot is waiting for is dropped: a slot that becomes free claims anyway.
/// </summary>
public sealed class OfferSignal
{
    private readonly SemaphoreSlim _arrived = new(0);

    internal void Set() => _arrived.Release();

    internal async Task WaitAsync(TimeSpan limit, CancellationToken stop)
    {
        await _arrived.WaitAsync(limit, stop);
        while (_arrived.Wait(0, CancellationToken.None))
        {
        }
    }
}

/// <summary>Acknowledges an offer at once, claimed or not, so that no message is held while a job runs.</summary>
public sealed class OfferConsumer(OfferSignal offers) : IConsumer<JobOffered>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<JobOffered> context)
    {
        offers.Set();
        return Task.CompletedTask;
    }
}
