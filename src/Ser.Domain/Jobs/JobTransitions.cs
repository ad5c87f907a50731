using static Ser.Domain.Jobs.JobState;

namespace Ser.Domain.Jobs;

/// <summary>A transition between states of a job.</summary>
/// <param name="Name">Name, as in docs/job-lifecycle.md.</param>
/// <param name="From">States in which the transition is allowed.</param>
/// <param name="To">State after the transition.</param>
/// <param name="Fenced">Whether the transition also requires that the caller's attempt is the job's current one.</param>
/// <param name="By">Component that makes the transition.</param>
/// <param name="Meaning">Description.</param>
public sealed record JobTransition(string Name, IReadOnlyList<JobState> From, JobState To, bool Fenced, string By, string Meaning);

/// <summary>Counters of a job after it has lost a lease.</summary>
/// <param name="Faults">Charged faults.</param>
/// <param name="LostLeases">Consecutive lost leases since the last checkpoint or fault.</param>
public readonly record struct LeaseLossCounts(int Faults, int LostLeases);

/// <summary>
/// All transitions of a job. The guards of the store's statements are derived from this table; a test keeps docs/job-lifecycle.md in
/// line with it.
/// </summary>
public static class JobTransitions
{
    /// <summary>Number of faults after which a job fails, unless its specification sets another.</summary>
    public const int MaxAttempts = 3;

    /// <summary>Number of consecutive lost leases, without a new checkpoint between them, that count as one fault.</summary>
    public const int LostLeasesPerFault = 3;

    /// <summary>
    /// Number of consecutive snoozes, without a new checkpoint between them, that count as one fault. The limit ends jobs that can
    /// never run, such as one that never fits into memory.
    /// </summary>
    public const int SnoozesPerFault = 8;

    /// <summary>Seconds for which a worker does not claim a job that has just failed on it, as long as there are other workers.</summary>
    public const double AvoidWorkerSeconds = 60;

    /// <summary>Longest time for which a snoozed job cannot be claimed, in seconds.</summary>
    public const double MaxSnoozeSeconds = 300;

    private const double ShortestPause = 5;

    /// <summary>Returns the seconds for which a snoozed job cannot be claimed.</summary>
    /// <param name="snoozes">Number of consecutive snoozes before this one.</param>
    public static double SnoozeSeconds(int snoozes) => Math.Min(MaxSnoozeSeconds, ShortestPause * Math.Pow(2, Math.Min(snoozes, 16)));

    /// <summary>All parents have accepted results.</summary>
    public static JobTransition Unblock { get; } = new(
        "unblock", [Waiting], Ready, false, "scheduler",
        "every parent has an accepted result");

    /// <summary>A worker takes the lease. The attempt number increases and is never reused.</summary>
    public static JobTransition Claim { get; } = new(
        "claim", [Ready], Running, true, "worker",
        "a worker takes the lease; the attempt number increases and is never reused");

    /// <summary>A worker takes over an expired lease. The attempt number increases and a lost lease is counted.</summary>
    public static JobTransition Reclaim { get; } = new(
        "reclaim", [Running], Running, true, "worker",
        "a worker takes over an expired lease; the attempt number increases and a lost lease is counted");

    /// <summary>The lease is extended and progress is stored.</summary>
    public static JobTransition Renew { get; } = new(
        "renew", [Running], Running, true, "worker",
        "the lease is extended; step counter and progress are stored");

    /// <summary>A checkpoint is recorded. The counts of lost leases and snoozes are reset.</summary>
    public static JobTransition Checkpoint { get; } = new(
        "checkpoint", [Running], Running, true, "worker",
        "a checkpoint is recorded; the counts of lost leases and snoozes are reset");

    /// <summary>A complete, verified result is accepted, even if its attempt has lost the lease.</summary>
    public static JobTransition Accept { get; } = new(
        "accept", [Waiting, Ready, Running, Parked, Failed, Cancelled], Done, false, "scheduler",
        "the first verified result is recorded, whichever attempt made it");

    /// <summary>The attempt failed and is charged as a fault. The job may be claimed again.</summary>
    public static JobTransition Fault { get; } = new(
        "fault", [Running], Ready, true, "worker",
        "the attempt failed and is charged; the job may be claimed again");

    /// <summary>The attempt failed and the job's faults have reached the limit.</summary>
    public static JobTransition Fail { get; } = new(
        "fail", [Running], Failed, true, "worker",
        "the attempt failed and the faults have reached the limit");

    /// <summary>The attempt was interrupted on request. It is not charged.</summary>
    public static JobTransition Release { get; } = new(
        "release", [Running], Ready, true, "worker",
        "a stop was requested, or the storage failed; not charged");

    /// <summary>The attempt ended with a transient error. It is not charged, and the job can be claimed again after a pause.</summary>
    public static JobTransition Snooze { get; } = new(
        "snooze", [Running], Ready, true, "worker",
        "the storage, the broker or memory of a shared device failed; not charged, and not claimed again before a pause");

    /// <summary>The attempt's completed result stayed damaged or unreadable. It is not charged.</summary>
    public static JobTransition Reject { get; } = new(
        "reject", [Running], Ready, true, "scheduler",
        "the completed result stayed damaged or unreadable; not charged");

    /// <summary>The attempt has reached an epoch at which arms are compared.</summary>
    public static JobTransition Park { get; } = new(
        "park", [Running], Parked, true, "worker",
        "training has reached an epoch at which arms are compared; its checkpoint is recorded");

    /// <summary>The job's arm continues after a comparison, or at a user's request.</summary>
    public static JobTransition Promote { get; } = new(
        "promote", [Parked], Ready, false, "scheduler",
        "the arm is among the better ones, or a user has resumed it");

    /// <summary>The lease ends before its time, because its holder is known to be gone. A lost lease is counted.</summary>
    public static JobTransition Lose { get; } = new(
        "lose", [Running], Ready, true, "runner",
        "the runner that held the lease has ended, since another one has locked the data folder; a lost lease is counted");

    /// <summary>No active sweep contains the job any longer, or a user has cancelled it.</summary>
    public static JobTransition Cancel { get; } = new(
        "cancel", [Waiting, Ready, Running, Parked], Cancelled, false, "scheduler",
        "no active sweep contains it any longer, or an operator has cancelled it");

    /// <summary>The job is submitted again or retried. Its counts of faults and lost leases are reset.</summary>
    public static JobTransition Revive { get; } = new(
        "revive", [Failed, Cancelled], Waiting, false, "scheduler",
        "submitted again or retried; the counts of faults and lost leases are reset");

    /// <summary>The accepted result is damaged or missing and has to be made again.</summary>
    public static JobTransition Discard { get; } = new(
        "discard", [Done], Waiting, true, "runner",
        "a retry found the accepted result damaged or missing; it is made again");

    /// <summary>Every transition, in the order of a job's life.</summary>
    public static IReadOnlyList<JobTransition> All { get; } =
    [
        Unblock, Claim, Reclaim, Renew, Checkpoint, Accept,
        Fault, Fail, Release, Snooze, Reject, Park, Promote, Lose, Cancel, Revive, Discard,
    ];

    /// <summary>Returns a job's counters after one more lost lease.</summary>
    /// <param name="faults">Faults so far.</param>
    /// <param name="lostLeases">Consecutive lost leases since the last checkpoint or fault.</param>
    public static LeaseLossCounts AfterLostLease(int faults, int lostLeases) =>
        lostLeases + 1 < LostLeasesPerFault ? new(faults, lostLeases + 1) : new(faults + 1, 0);
}
