using MassTransit;
using Ser.Domain.Jobs;
using Ser.Hosting.Messages;

namespace Ser.Scheduler;

/// <summary>Makes offers: never more than the free slots that workers announce, so who runs what is decided at the claim.</summary>
public sealed class Dispatcher(IJobReads reads) : IConsumer<SlotsFree>
{
    /// <summary>Answers free slots with as many offers as there are jobs that this worker may claim.</summary>
    public async Task Consume(ConsumeContext<SlotsFree> context)
    {
        var ready = reads.Claimable(context.Message.Slots, context.Message.Request);
        await Task.WhenAll(ready.Select(id => context.Publish(new JobOffered(id), context.CancellationToken)));
    }
}
