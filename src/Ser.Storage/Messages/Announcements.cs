using MassTransit;

namespace Ser.Storage.Messages;

/// <summary>Says what others may want to know. Nobody depends on being heard.</summary>
public static class Announcements
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Publishes a message, unless the broker is away: whoever says it goes on after a second.</summary>
    /// <returns>Whether the broker has it.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> is set.</exception>
    public static async Task<bool> SayAsync<T>(this IBus bus, T message, CancellationToken stop)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            await bus.Publish(message, patience.Token).WaitAsync(patience.Token);
            return true;
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Offers jobs, all at once.</summary>
    public static Task OfferAsync(this ConsumeContext context, IReadOnlyList<string> jobIds) =>
        Task.WhenAll(jobIds.Select(id => context.Publish(new JobOffered(id), context.CancellationToken)));
}
