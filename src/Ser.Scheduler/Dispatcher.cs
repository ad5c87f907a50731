using MassTransit;
using Ser.Storage.Messages;

namespace Ser.Scheduler;

/// <summary>Makes offers: never more than the free slots that workers announce, so who runs what is decided at the claim.</summary>
public sealed class Dispatcher(FreeSlots free) : IConsumer<SlotsFree>
{
    /// <summary>Answers free slots with as many offers as there are jobs that these workers may claim.</summary>
    public async Task Consume(ConsumeContext<SlotsFree> context)
    {
        free.Say(context.Message.Request, context.Message.Slots);
        await context.OfferAsync(free.Match());
    }
}
