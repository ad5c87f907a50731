namespace Ser.Domain.Jobs;

/// <summary>Records which ends of sweeps the webhooks were notified of.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface ISweepNotifications
{
    /// <summary>
    /// Records that the webhooks were notified of a sweep's end. <see cref="IJobReads.SweepsAwaitingNotification"/> no longer returns the
    /// sweep, until it is active again.
    /// </summary>
    void RecordNotification(string sweep, SweepState end);
}
