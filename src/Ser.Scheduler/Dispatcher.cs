using MassTransit;
using Ser.Storage.Messages;

namespace Ser.Scheduler;

/// <summary>
/// Offers jobs to workers, never more than they have free slots. An offer does not reserve a job: which worker runs it is decided when
/// it is claimed.
/// </summary>
public sealed class Dispatcher(FreeSlots free) : IConsumer<SlotsFree>
{
    /// <summary>Responds to free slots with offers of jobs that the workers may claim.</summary>
    public async Task Consume(ConsumeContext<SlotsFree> context)
    {
        free.Add(context.Message.Request, context.Message.Slots);
        await context.OfferJobsAsync(free.Match());
    }
}
