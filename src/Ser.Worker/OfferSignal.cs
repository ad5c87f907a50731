using MassTransit;
using Ser.Storage.Messages;

namespace Ser.Worker;

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
