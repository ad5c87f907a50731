using MassTransit;
using Ser.Domain.Jobs;
using Ser.Hosting.Messages;

namespace Ser.Scheduler;

/// <summary>Has an offered result looked at as soon as it is announced, and offers what it has released.</summary>
public sealed class ResultConsumer(Acceptance acceptance, IJobReads reads) : IConsumer<ResultOffered>
{
    /// <inheritdoc/>
    public async Task Consume(ConsumeContext<ResultOffered> context)
    {
        if (acceptance.RunOnce() is > 0 and var accepted)
        {
            var ready = reads.Claimable(accepted);
            await Task.WhenAll(ready.Select(id => context.Publish(new JobOffered(id), context.CancellationToken)));
        }
    }
}
