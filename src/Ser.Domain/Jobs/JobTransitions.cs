using static Ser.Domain.Jobs.JobState;

namespace Ser.Domain.Jobs;

/// <summary>One change that a job may go through.</summary>
/// <param name="Name">Name, as the diagram in docs/job-lifecycle.md has it.</param>
/// <param name="From">The states that it expects.</param>
/// <param name="To">The state that it leaves.</param>
/// <param name="Fenced">Whether it also expects the attempt to be the one that its author holds.</param>
/// <param name="By">Who makes it.</param>
/// <param name="Meaning">What it means.</param>
public sealed record JobTransition(string Name, IReadOnlyList<JobState> From, JobState To, bool Fenced, string By, string Meaning);

/// <summary>The one table of transitions: the guards of the store's statements and docs/job-lifecycle.md come from it.</summary>
public static class JobTransitions
{
    /// <summary>Faults that end a job, where its specification does not say otherwise.</summary>
    public const int MaxAttempts = 3;

    /// <summary>Losses in a row, without a new checkpoint between them, that are one fault.</summary>
    public const int LossesPerFault = 3;

    /// <summary>Every parent has an accepted result.</summary>
    public static JobTransition Release { get; } = new("release", [Waiting], Ready, false, "scheduler", "every parent has an accepted result");

    /// <summary>Times in a row, without a new checkpoint between them, that a job is put off before that is a fault: it may never fit.</summary>
    public const int PutOffsPerFault = 8;

    /// <summary>How long a worker leaves alone what has just failed on it while there are others, in seconds.</summary>
    public const double Elsewhere = 60;

    private const double ShortestPause = 5, LongestPause = 300;

    /// <summary>Seconds until a job that has been put off may be claimed again.</summary>
    /// <param name="putOffs">How often in a row it was put off before.</param>
    public static double Pause(int putOffs) => Math.Min(LongestPause, ShortestPause * Math.Pow(2, Math.Min(putOffs, 16)));

    /// <summary>A worker takes the lease; the attempt rises by one and is never used again.</summary>
    public static JobTransition Claim { get; } = new("claim", [Ready], Running, true, "worker", "a worker takes the lease; the attempt rises by one and is never used again");

    /// <summary>A worker takes over an expired lease; the attempt rises by one and a loss is counted.</summary>
    public static JobTransition Reclaim { get; } = new("reclaim", [Running], Running, true, "worker", "a worker takes over an expired lease; the attempt rises by one and a loss is counted");

    /// <summary>The lease lasts longer; carries progress.</summary>
    public static JobTransition Renew { get; } = new("renew", [Running], Running, true, "worker", "the lease lasts longer; carries the step counter and progress");

    /// <summary>A checkpoint is recorded; losses start again from zero.</summary>
    public static JobTransition Checkpoint { get; } = new("checkpoint", [Running], Running, true, "worker", "a checkpoint is recorded; losses start again from zero");

    /// <summary>A whole, verified result is accepted, whoever made it and whatever has become of its lease.</summary>
    public static JobTransition Accept { get; } = new(
        "accept", [Waiting, Ready, Running, Parked, Failed, Cancelled], Done, false, "scheduler", "a verified result is recorded, whichever attempt made it; only the first is");

    /// <summary>The attempt failed and is charged; another may follow.</summary>
    public static JobTransition Fault { get; } = new("fault", [Running], Ready, true, "worker", "the attempt failed and is charged; another may follow");

    /// <summary>The attempt failed and was the last.</summary>
    public static JobTransition Fail { get; } = new("fail", [Running], Failed, true, "worker", "the attempt failed and the faults have reached the limit");

    /// <summary>The attempt was interrupted on request; not charged.</summary>
    public static JobTransition HandBack { get; } = new("handBack", [Running], Ready, true, "worker", "a stop was requested, or the storage failed; not charged");

    /// <summary>A transient fault: not charged, and claimed again after a pause.</summary>
    public static JobTransition PutOff { get; } = new("putOff", [Running], Ready, true, "worker", "a store, the broker or memory of a shared device failed it; not charged, and not claimed again before a pause");

    /// <summary>The attempt has reached an epoch at which arms are compared.</summary>
    public static JobTransition Park { get; } = new("park", [Running], Parked, true, "worker", "an epoch is reached at which arms are compared; its checkpoint is recorded");

    /// <summary>Its arm goes on, or somebody wants it to.</summary>
    public static JobTransition Promote { get; } = new("promote", [Parked], Ready, false, "scheduler", "its arm is among those that go on, or somebody wants it to");

    /// <summary>The worker is gone for certain; a loss is counted.</summary>
    public static JobTransition Lose { get; } = new("lose", [Running], Ready, true, "runner", "the runner that held the lease is gone, since another has its lock; a loss is counted");

    /// <summary>No sweep wants the job any longer, or an operator has stopped it.</summary>
    public static JobTransition Cancel { get; } = new("cancel", [Waiting, Ready, Running, Parked], Cancelled, false, "scheduler", "no sweep wants it any longer, or an operator has stopped it");

    /// <summary>Wanted again: submitted again, or retried.</summary>
    public static JobTransition Revive { get; } = new("revive", [Failed, Cancelled], Waiting, false, "scheduler", "submitted again or retried; faults and losses start again from zero");

    /// <summary>The accepted result is damaged or gone.</summary>
    public static JobTransition Discard { get; } = new("discard", [Done], Waiting, true, "runner", "a retry found the accepted result damaged or gone; it is made again");

    /// <summary>Every transition, in the order of a job's life.</summary>
    public static IReadOnlyList<JobTransition> All { get; } = [Release, Claim, Reclaim, Renew, Checkpoint, Accept, Fault, Fail, HandBack, PutOff, Park, Promote, Lose, Cancel, Revive, Discard];

    /// <summary>Faults and losses after one more lost lease.</summary>
    /// <param name="faults">Faults so far.</param>
    /// <param name="losses">Losses in a row since the last checkpoint.</param>
    public static (int Faults, int Losses) AfterLoss(int faults, int losses) =>
        losses + 1 < LossesPerFault ? (faults, losses + 1) : (faults + 1, 0);
}
