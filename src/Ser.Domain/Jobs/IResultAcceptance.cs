namespace Ser.Domain.Jobs;

/// <summary>The part of the job queue for accepting results of completed attempts, once their files have been verified.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface IResultAcceptance : ICheckpointReads
{
    /// <summary>Returns the results of completed attempts that are still to be verified.</summary>
    IReadOnlyList<JobResult> CompletedResults();

    /// <summary>
    /// Accepts results that the caller has verified, and unblocks dependants that waited only for them. Results whose attempt has not
    /// completed, or whose job already has a result, are ignored.
    /// </summary>
    /// <returns>The results that this call accepted.</returns>
    IReadOnlyList<JobResult> Accept(IReadOnlyList<JobResult> results);

    /// <summary>
    /// Rejects a completed result that cannot be verified. If the attempt still holds the job, the job becomes ready again, and the worker
    /// of the attempt does not claim it for a while. The job is not charged; the attempt counts as faulted for its worker.
    /// </summary>
    void Reject(JobResult result, string why);
}
