namespace Ser.Domain.Jobs;

/// <summary>
/// The truth about jobs. Each verb makes the transition of <see cref="JobTransitions"/> that it names, in one transaction, guarded by the state
/// and, where the transition is fenced, by the attempt. Calls block: a renewal must not wait for a thread pool that training has filled.
/// </summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface IJobStore
{
    /// <summary>
    /// Stores sweep and plan: unknown jobs start as waiting, failed and cancelled ones are revived, done ones are reused, and all whose parents
    /// are done are released. Jobs that the sweep's earlier plan alone wanted are cancelled.
    /// </summary>
    /// <exception cref="InputException">A parent is neither in the plan before its dependant nor in the store.</exception>
    SubmissionOutcome Submit(SweepPlan sweep);

    /// <summary>
    /// Claim (or reclaim, where a lease has expired). Of the jobs that the worker can run, those of the sweep of the highest priority; of several such sweeps, of the one that has the least running for its weight;
    /// of that sweep the deepest, then those whose inputs the worker has, then the first in the plan. A job whose result is offered and not yet looked at is left alone.
    /// </summary>
    /// <returns>At most <paramref name="count"/> jobs, best first; none when there is none.</returns>
    IReadOnlyList<ClaimedJob> Claim(ClaimRequest request, int count);

    /// <summary>Renew: the lease lasts its full length from now on; progress and points are kept.</summary>
    /// <returns>Whether the lease is still held; nothing is written otherwise.</returns>
    bool Renew(Lease lease, StageProgress? progress, IReadOnlyList<EpochPoint> points);

    /// <summary>Checkpoint: <paramref name="key"/> is the one to resume from.</summary>
    /// <returns>Whether the lease is still held; nothing is written otherwise.</returns>
    bool RecordCheckpoint(Lease lease, string key);

    /// <summary>Key of the last recorded checkpoint, of any attempt, of each of these jobs that has one.</summary>
    IReadOnlyDictionary<string, string> CheckpointsOf(IReadOnlyCollection<string> jobIds);

    /// <summary>
    /// No transition: the attempts' published results wait to be looked at. Allowed to whoever made the attempt, lease or not; an attempt offers once.
    /// </summary>
    void Offer(IReadOnlyList<PublishedResult> results);

    /// <summary>Offered results that nobody has looked at.</summary>
    IReadOnlyList<OfferedResult> Offered();

    /// <summary>Accept, then release of the dependants that have waited for them alone. The caller has verified the results; what is not offered is passed over.</summary>
    /// <returns>Those that were accepted now.</returns>
    IReadOnlyList<OfferedResult> Accept(IReadOnlyList<OfferedResult> results);

    /// <summary>Fault or fail, for an offered result that does not verify: charged where the attempt still holds the job.</summary>
    void Reject(OfferedResult result, string why);

    /// <summary>Fault, or fail when the faults reach the job's limit.</summary>
    /// <returns>Whether the lease was still held; nothing is written otherwise.</returns>
    bool Fault(Lease lease, string error, string log);

    /// <summary>Hand back, not charged.</summary>
    /// <returns>Whether the lease was still held; nothing is written otherwise.</returns>
    bool HandBack(Lease lease, string why, string log);

    /// <summary>
    /// Put off, not charged: nobody may claim the job before a pause that doubles each time. In a row of <see cref="JobTransitions.PutOffsPerFault"/> without a checkpoint between them the last is a fault.
    /// </summary>
    /// <returns>Whether the lease was still held; nothing is written otherwise.</returns>
    bool PutOff(Lease lease, string why, string log);

    /// <summary>Park: the attempt has stopped after the epoch that its claim named.</summary>
    /// <returns>Whether the lease was still held; nothing is written otherwise.</returns>
    bool Park(Lease lease, string log);

    /// <summary>Promote, for those of these jobs that are parked: they run to the next comparison, whose number is <paramref name="rung"/>; of those that are none is left.</summary>
    /// <returns>How many there were.</returns>
    int Promote(IReadOnlyCollection<string> jobIds, int rung);

    /// <summary>No transition: those of these jobs that are parked stay so until somebody wants them.</summary>
    /// <param name="jobIds">Jobs.</param>
    /// <param name="why">What the comparison came to.</param>
    void SetAside(IReadOnlyCollection<string> jobIds, string why);

    /// <summary>No transition: the last log lines of a running attempt. Nothing is written of one that has ended.</summary>
    void Log(Lease lease, string lines);

    /// <summary>Lose, for every running job: whoever held them is gone for certain. A third loss in a row is charged and may fail the job.</summary>
    /// <returns>How many leases were ended.</returns>
    int EndLeases(string why);

    /// <summary>Cancel, for the jobs of the sweep that no other sweep wants.</summary>
    /// <returns>How many jobs were cancelled.</returns>
    /// <exception cref="InputException">No such sweep.</exception>
    int CancelSweep(string name);

    /// <summary>Cancel, for those of these jobs that can be, though a sweep may want them: it waits until they are retried or it is resumed.</summary>
    /// <returns>Ids of those that were cancelled.</returns>
    IReadOnlyList<string> CancelJobs(IReadOnlyCollection<string> jobIds);

    /// <summary>No transition: writes down what somebody did, for good.</summary>
    void Record(AuditEntry entry);

    /// <summary>Wants the sweep again. Revive, for every job of it that failed or was cancelled; then release.</summary>
    /// <returns>How many jobs were revived.</returns>
    /// <exception cref="InputException">No such sweep.</exception>
    int ResumeSweep(string name);

    /// <summary>Revive, for the job and those of its ancestors that failed or were cancelled; then release.</summary>
    /// <returns>How many jobs were revived.</returns>
    /// <exception cref="InputException">No such job, or nothing to revive.</exception>
    int RetryJob(string jobId);

    /// <summary>Discard, for a job whose accepted result is still this one; then release. The caller has found it damaged.</summary>
    /// <returns>Whether it was still the accepted one.</returns>
    bool Discard(AcceptedResult result);

    /// <summary>Keeps a schedule; another one of that name is replaced.</summary>
    void Schedule(SweepSchedule schedule);

    /// <summary>Forgets a schedule. What it has submitted stays.</summary>
    /// <returns>Whether there was one.</returns>
    bool Unschedule(string name);

    /// <summary>Those who asked for it have been told of a sweep's end: it is not among <see cref="IJobReads.Ended"/> until it is taken up again.</summary>
    void Told(string sweep, SweepState end);

    /// <summary>Says that somebody is alive. After a gap, in which nobody could renew, every lease's clock starts again.</summary>
    void Pulse();

    /// <summary>Leaves a request for the runner.</summary>
    void Ask(RunnerRequest request);

    /// <summary>Takes the requests that have been left, oldest first.</summary>
    IReadOnlyList<RunnerRequest> TakeRequests();
}
