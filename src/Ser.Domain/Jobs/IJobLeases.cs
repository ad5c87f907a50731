namespace Ser.Domain.Jobs;

/// <summary>
/// The part of the job queue for workers: claiming jobs, and what the holder of a lease may do with its job. Every method that takes a
/// lease is fenced by its attempt and its holder. Methods are synchronous on purpose: renewing a lease must not wait for a thread pool
/// that is exhausted by training. On PostgreSQL the restricted role for workers suffices.
/// </summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface IJobLeases : ICheckpointReads
{
    /// <summary>
    /// Claims jobs, or reclaims them where a lease has expired. Jobs are taken from the sweep of the highest priority that has any the
    /// worker can run; among sweeps of equal priority, from the one with the fewest running jobs for its weight. Within a sweep the
    /// deepest stage comes first, then jobs whose inputs the worker has cached, then plan order. A job with a completed result that is
    /// still to be verified is not claimed.
    /// </summary>
    /// <returns>At most <paramref name="count"/> jobs, best first.</returns>
    IReadOnlyList<ClaimedJob> Claim(ClaimRequest request, int count);

    /// <summary>Renews a lease for its full length, and stores the attempt's progress and learning curve.</summary>
    /// <returns>Whether the lease is still held; nothing is written otherwise.</returns>
    bool Renew(Lease lease, StageProgress? progress, IReadOnlyList<EpochPoint> points);

    /// <summary>Records the checkpoint with this key as the one to resume from.</summary>
    /// <returns>Whether the lease is still held; nothing is written otherwise.</returns>
    bool RecordCheckpoint(Lease lease, string key);

    /// <summary>Stores the last log lines of a running attempt. Nothing is written if the attempt has ended.</summary>
    void RecordLog(Lease lease, string lines);

    /// <summary>
    /// Completes attempts: their published results are to be verified. The state of the jobs does not change. An attempt may complete once,
    /// even after it has lost its lease.
    /// </summary>
    /// <returns>
    /// The results that are recorded. The others belong to an attempt that this worker did not make, or that has another result.
    /// </returns>
    IReadOnlyList<PublishedResult> Complete(IReadOnlyList<PublishedResult> results);

    /// <summary>Records a fault. The job fails when its faults reach the limit.</summary>
    /// <returns>Whether the lease was still held; nothing is written otherwise.</returns>
    bool Fault(Lease lease, string error, string log);

    /// <summary>Releases a job that was interrupted on request; it becomes ready again. Not charged as a fault.</summary>
    /// <returns>Whether the lease was still held; nothing is written otherwise.</returns>
    bool Release(Lease lease, string why, string log);

    /// <summary>
    /// Snoozes a job after a transient error. It cannot be claimed before a pause that doubles each time. Not charged, except that every
    /// <see cref="JobTransitions.SnoozesPerFault"/> consecutive snoozes without a checkpoint between them count as one fault.
    /// </summary>
    /// <returns>Whether the lease was still held; nothing is written otherwise.</returns>
    bool Snooze(Lease lease, string why, string log);

    /// <summary>Parks a job whose attempt has stopped after the epoch that its claim named.</summary>
    /// <returns>Whether the lease was still held; nothing is written otherwise.</returns>
    bool Park(Lease lease, string log);
}
