using MassTransit;

namespace Ser.Storage.Messages;

/// <summary>Publishes messages that speed things up. They are fire and forget: no code depends on their delivery.</summary>
public static class BusExtensions
{
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Publishes a message and gives up after a second if the broker is unavailable.</summary>
    /// <returns>Whether the broker has received it.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> is cancelled.</exception>
    public static async Task<bool> PublishBestEffortAsync<T>(this IBus bus, T message, CancellationToken stop)
        where T : class
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(PublishTimeout);
        try
        {
            await bus.Publish(message, timeout.Token).WaitAsync(timeout.Token);
            return true;
        }
        catch (Exception) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Offers several jobs concurrently.</summary>
    public static Task OfferJobsAsync(this ConsumeContext context, IReadOnlyList<string> jobIds) =>
        Task.WhenAll(jobIds.Select(id => context.Publish(new JobOffered(id), context.CancellationToken)));
}
