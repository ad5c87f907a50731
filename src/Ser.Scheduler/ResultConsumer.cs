using MassTransit;
using Ser.Storage.Messages;

namespace Ser.Scheduler;

/// <summary>Verifies completed results as soon as they are announced, and offers jobs that have become ready to waiting slots.</summary>
public sealed class ResultConsumer(Acceptance acceptance, FreeSlots free) : IConsumer<AttemptCompleted>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<AttemptCompleted> context)
    {
        if (await acceptance.RunSoonAsync(context.CancellationToken))
        {
            await context.OfferJobsAsync(free.Match());
        }
    }
}
