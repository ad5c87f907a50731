using MassTransit;
using Ser.Domain.Jobs;
using Ser.Hosting.Messages;

namespace Ser.Scheduler;

/// <summary>Makes offers: never more than the free slots that workers announce, so who runs what is decided at the claim.</summary>
public sealed class Dispatcher(IJobReads reads) : IConsumer<SlotsFree>
{
    /// <summary>Answers free slots with as many offers as there are jobs that may be claimed.</summary>
    public async Task Consume(ConsumeContext<SlotsFree> context)
    {
        foreach (string id in reads.Claimable(context.Message.Slots, context.Message.Sweep))
        {
            await context.Publish(new JobOffered(id), context.CancellationToken);
        }
    }
}
