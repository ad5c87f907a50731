namespace Ser.Domain.Jobs;

/// <summary>The part of the job queue for the process that supervises all leases: the scheduler, or the runner of a data folder.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface ILeaseSupervision
{
    /// <summary>
    /// Records that the scheduler is alive. After a gap, during which workers could not renew their leases either, all leases start again
    /// at their full length.
    /// </summary>
    void RecordHeartbeat();

    /// <summary>
    /// Expires the leases of all running jobs, because their workers are known to be gone. Every third consecutive lost lease counts as a
    /// fault and may fail the job.
    /// </summary>
    /// <returns>Number of expired leases.</returns>
    int ExpireLeases(string why);
}
