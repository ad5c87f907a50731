using MassTransit;
using Ser.Storage.Messages;

namespace Ser.Scheduler;

/// <summary>Has an offered result looked at as soon as it is announced, and offers what is ready then to slots that wait.</summary>
public sealed class ResultConsumer(Acceptance acceptance, FreeSlots free) : IConsumer<ResultOffered>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ResultOffered> context)
    {
        if (await acceptance.RunSoonAsync(context.CancellationToken))
        {
            await context.OfferAsync(free.Match());
        }
    }
}
