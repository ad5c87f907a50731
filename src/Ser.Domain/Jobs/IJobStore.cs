namespace Ser.Domain.Jobs;

/// <summary>
/// The job queue, which holds the state of all jobs. Each method makes the transition of <see cref="JobTransitions"/> that it names, in
/// one transaction, guarded by the job's state and, where the transition is fenced, by the attempt. Methods are synchronous on purpose:
/// renewing a lease must not wait for a thread pool that is exhausted by training.
/// </summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface IJobStore
{
    /// <summary>
    /// Stores a sweep and its plan. Unknown jobs start as waiting, failed and cancelled ones are revived, done ones are reused, and jobs
    /// whose parents are all done are unblocked. Jobs that only the sweep's earlier plan contained are cancelled.
    /// </summary>
    /// <exception cref="InputException">A parent is neither earlier in the plan nor in the store.</exception>
    SubmissionOutcome Submit(SweepPlan sweep);

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

    /// <summary>Returns the key of the last recorded checkpoint, of any attempt, of each of these jobs that has one.</summary>
    IReadOnlyDictionary<string, string> LatestCheckpoints(IReadOnlyCollection<string> jobIds);

    /// <summary>
    /// Completes attempts: their published results are to be verified. The state of the jobs does not change. An attempt may complete once,
    /// even after it has lost its lease.
    /// </summary>
    void Complete(IReadOnlyList<PublishedResult> results);

    /// <summary>Returns the results of completed attempts that are still to be verified.</summary>
    IReadOnlyList<CompletedResult> CompletedResults();

    /// <summary>
    /// Accepts results that the caller has verified, and unblocks dependants that waited only for them. Results whose attempt has not
    /// completed, or whose job already has a result, are ignored.
    /// </summary>
    /// <returns>The results that this call accepted.</returns>
    IReadOnlyList<CompletedResult> Accept(IReadOnlyList<CompletedResult> results);

    /// <summary>Rejects a completed result that failed verification. It counts as a fault if the attempt still holds the job.</summary>
    void Reject(CompletedResult result, string why);

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

    /// <summary>Promotes those of these jobs that are parked, and clears their elimination.</summary>
    /// <param name="jobIds">Jobs.</param>
    /// <param name="rung">Number of the next rung, at which they park again; <see cref="int.MaxValue"/> lets them run to the end.</param>
    /// <returns>Number of promoted jobs.</returns>
    int Promote(IReadOnlyCollection<string> jobIds, int rung);

    /// <summary>
    /// Marks those of these jobs that are parked as eliminated by successive halving. They stay parked until promoted by a user.
    /// </summary>
    /// <param name="jobIds">Jobs.</param>
    /// <param name="why">Result of the comparison, for display.</param>
    void Eliminate(IReadOnlyCollection<string> jobIds, string why);

    /// <summary>Stores the last log lines of a running attempt. Nothing is written if the attempt has ended.</summary>
    void RecordLog(Lease lease, string lines);

    /// <summary>
    /// Expires the leases of all running jobs, because their workers are known to be gone. Every third consecutive lost lease counts as a
    /// fault and may fail the job.
    /// </summary>
    /// <returns>Number of expired leases.</returns>
    int ExpireLeases(string why);

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

    /// <summary>Appends an entry to the audit log.</summary>
    void RecordAudit(AuditEntry entry);

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

    /// <summary>
    /// Discards an accepted result that the caller has found damaged, if it is still the job's result, so that it is made again.
    /// </summary>
    /// <returns>Whether it was still the job's accepted result.</returns>
    bool Discard(AcceptedResult result);

    /// <summary>Stores a schedule. It replaces a schedule of the same name.</summary>
    void Schedule(SweepSchedule schedule);

    /// <summary>Deletes a schedule. Sweeps that it has submitted stay.</summary>
    /// <returns>Whether there was one.</returns>
    bool Unschedule(string name);

    /// <summary>
    /// Records that the webhooks were notified of a sweep's end. <see cref="IJobReads.SweepsAwaitingNotification"/> no longer returns the sweep, until it is
    /// active again.
    /// </summary>
    void RecordNotification(string sweep, SweepState end);

    /// <summary>
    /// Records that the scheduler is alive. After a gap, during which workers could not renew their leases either, all leases start again
    /// at their full length.
    /// </summary>
    void RecordHeartbeat();

    /// <summary>Adds a request for the runner.</summary>
    void AddRequest(RunnerRequest request);

    /// <summary>Removes and returns the pending requests, oldest first.</summary>
    IReadOnlyList<RunnerRequest> TakeRequests();
}
