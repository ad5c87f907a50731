using Ser.Domain;

namespace Ser.Storage.Outages;

/// <summary>For a farm: its servers come back, and leases that were held before the outage are still valid then.</summary>
/// <param name="delay">Time between two tries.</param>
/// <param name="clock">Measures the delay.</param>
public sealed class RetryUntilAvailable(TimeSpan delay, TimeProvider clock) : OutagePolicy
{
    /// <summary>The usual time between two tries.</summary>
    public static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override async Task RunRoundAsync(Func<Task> round, Action<Exception, TimeSpan> report, CancellationToken stop)
    {
        try
        {
            await round();
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            report(failed, delay);
            await Task.Delay(delay, clock, stop);
        }
    }

    /// <inheritdoc/>
    public override T RunToSuccess<T>(Func<T> work, Action<StorageException> report, CancellationToken stop)
    {
        while (true)
        {
            try
            {
                return work();
            }
            catch (StorageException unavailable)
            {
                if (!WaitUnlessStopped(stop))
                {
                    throw;
                }

                report(unavailable);
            }
        }
    }

    /// <inheritdoc/>
    public override void RunOptional(Action work, Action<StorageException> report)
    {
        try
        {
            work();
        }
        catch (StorageException unavailable)
        {
            report(unavailable);
        }
    }

    /// <inheritdoc/>
    public override void EndAttempt(Action release, Action snooze) => snooze();

    // Task.WhenAny does not throw when the delay is cancelled.
    private bool WaitUnlessStopped(CancellationToken stop) =>
        Task.WhenAny(Task.Delay(delay, clock, stop)).GetAwaiter().GetResult().IsCompletedSuccessfully;
}
