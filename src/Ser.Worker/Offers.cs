using MassTransit;
using Ser.Storage.Messages;

namespace Ser.Worker;

/// <summary>Wakes idle slots. An offer that nobody waits for is forgotten: a slot that frees claims without being asked.</summary>
public sealed class Offers
{
    private readonly SemaphoreSlim wake = new(0);

    internal void Arrived() => wake.Release();

    internal async Task WaitAsync(TimeSpan most, CancellationToken stop)
    {
        await wake.WaitAsync(most, stop);
        while (wake.Wait(0, CancellationToken.None))
        {
        }
    }
}

/// <summary>Takes an offer at once, claimed or not; nobody holds a message while training.</summary>
public sealed class OfferConsumer(Offers offers) : IConsumer<JobOffered>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<JobOffered> context)
    {
        offers.Arrived();
        return Task.CompletedTask;
    }
}
