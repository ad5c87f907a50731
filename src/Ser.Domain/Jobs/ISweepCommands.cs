namespace Ser.Domain.Jobs;

/// <summary>
/// The part of the job queue for operators: submitting, cancelling, resuming and retrying. Each method makes the transition of
/// <see cref="JobTransitions"/> that it names, in one transaction, guarded by the states of the jobs.
/// </summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface ISweepCommands
{
    /// <summary>
    /// Stores a sweep and its plan. Unknown jobs start as waiting, failed and cancelled ones are revived, done ones are reused, and jobs
    /// whose parents are all done are unblocked. Jobs that only the sweep's earlier plan contained are cancelled.
    /// </summary>
    /// <exception cref="InputException">A parent is neither earlier in the plan nor in the store.</exception>
    SubmissionOutcome Submit(SweepPlan sweep);

    /// <summary>Withdraws a sweep and cancels its jobs that no other active sweep contains.</summary>
    /// <returns>Number of cancelled jobs.</returns>
    /// <exception cref="InputException">There is no such sweep.</exception>
    int CancelSweep(string name);

    /// <summary>
    /// Cancels those of these jobs that can be cancelled, even if a sweep needs them. Such a sweep stays unfinished until the jobs are
    /// retried or the sweep is resumed.
    /// </summary>
    /// <returns>Ids of the cancelled jobs.</returns>
    IReadOnlyList<string> CancelJobs(IReadOnlyCollection<string> jobIds);

    /// <summary>
    /// Resumes a withdrawn or failed sweep: revives its failed and cancelled jobs and unblocks jobs whose parents are done.
    /// </summary>
    /// <returns>Number of revived jobs.</returns>
    /// <exception cref="InputException">There is no such sweep.</exception>
    int ResumeSweep(string name);

    /// <summary>Revives a job and its failed or cancelled ancestors, and unblocks those whose parents are done.</summary>
    /// <returns>Number of revived jobs.</returns>
    /// <exception cref="InputException">There is no such job, or there is nothing to revive.</exception>
    int RetryJob(string jobId);

    /// <summary>Does what <see cref="RetryJob"/> does for many jobs, all in one transaction. Unknown jobs are ignored.</summary>
    /// <returns>Those of the given jobs for which something was revived.</returns>
    IReadOnlyCollection<string> RetryJobs(IReadOnlyCollection<string> jobIds);

    /// <summary>
    /// Discards an accepted result that the caller has found damaged, if it is still the job's result, so that it is made again.
    /// </summary>
    /// <returns>Whether it was still the job's accepted result.</returns>
    bool Discard(JobResult result);
}
