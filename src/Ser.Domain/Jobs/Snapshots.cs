namespace Ser.Domain.Jobs;

/// <summary>State of a sweep, derived from the states of its jobs.</summary>
public enum SweepState
{
    /// <summary>A job runs or can still run.</summary>
    Unfinished,

    /// <summary>Every job has an accepted result, except those of arms that successive halving has eliminated.</summary>
    Done,

    /// <summary>No job can run any longer, and a job failed.</summary>
    Failed,

    /// <summary>No job can run any longer, because the sweep or its jobs were cancelled.</summary>
    Cancelled,
}

/// <summary>A sweep at one point in time.</summary>
/// <param name="Name">Name.</param>
/// <param name="Definition">The experiment as JSON, as submitted.</param>
/// <param name="State">State.</param>
/// <param name="Jobs">Its jobs, in plan order.</param>
public sealed record SweepSnapshot(string Name, string Definition, SweepState State, IReadOnlyList<JobSnapshot> Jobs)
{
    /// <summary>File from which the sweep was imported; null for a sweep of this store. Imported sweeps are read-only.</summary>
    public string? Imported { get; init; }

    /// <summary>Owner and scheduling policy.</summary>
    public SweepTerms Terms { get; init; } = SweepTerms.Default;

    /// <summary>Time of the first submission, in Unix seconds on the store's clock; 0 if unknown.</summary>
    public double Submitted { get; init; }

    /// <summary>Returns the number of jobs in a state.</summary>
    public int Count(JobState state) => Jobs.Count(job => job.State == state);
}

/// <summary>A job at one point in time. Arm and fold are its place in the sweep for which it was read.</summary>
public sealed record JobSnapshot
{
    /// <summary>The job's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its stage.</summary>
    public required string Stage { get; init; }

    /// <summary>Title for display.</summary>
    public required string Title { get; init; }

    /// <summary>Name of the arm; empty if the job was not read for a sweep.</summary>
    public string Arm { get; init; } = "";

    /// <summary>Number of the fold, from 1; 0 if the job was not read for a sweep.</summary>
    public int Fold { get; init; }

    /// <summary>State.</summary>
    public required JobState State { get; init; }

    /// <summary>Number of the last attempt; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>Number of charged faults.</summary>
    public int Faults { get; init; }

    /// <summary>Number of faults after which the job fails.</summary>
    public int MaxAttempts { get; init; } = JobTransitions.MaxAttempts;

    /// <summary>
    /// Time before which a snoozed job cannot be claimed, in Unix seconds on the store's clock; null if it is not snoozed.
    /// </summary>
    public double? NotBefore { get; init; }

    /// <summary>Number of comparisons of successive halving that the job has passed.</summary>
    public int Rung { get; init; }

    /// <summary>Whether successive halving has eliminated the job's arm. The job stays parked until a user resumes it.</summary>
    public bool EliminatedByHalving { get; init; }

    /// <summary>Worker that holds the lease.</summary>
    public string? Worker { get; init; }

    /// <summary>Why the last unsuccessful attempt ended.</summary>
    public string? Error { get; init; }

    /// <summary>"waiting for failed …" or similar, if an ancestor of the job needs a user's action; otherwise null.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>Progress of the running or last attempt. Its point is the last one recorded.</summary>
    public StageProgress? Progress { get; init; }

    /// <summary>The accepted result; null until the job is done.</summary>
    public JobResult? Result { get; init; }

    /// <summary>Ids of the parents, in plan order.</summary>
    public IReadOnlyList<string> After { get; init; } = [];
}

/// <summary>An attempt of a job.</summary>
/// <param name="Attempt">Number of the attempt.</param>
/// <param name="Worker">Worker that ran it.</param>
/// <param name="Started">Start, in Unix seconds on the store's clock.</param>
/// <param name="Ended">End; null while it runs.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Why">The error or reason.</param>
/// <param name="Log">Its last log lines.</param>
public sealed record AttemptRecord(
    int Attempt,
    string Worker,
    double Started,
    double? Ended,
    AttemptOutcome Outcome,
    string? Why,
    string? Log);

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    /// <summary>It is still running.</summary>
    Running,

    /// <summary>It has published a result, which is still to be verified.</summary>
    Completed,

    /// <summary>Its result is the job's accepted result.</summary>
    Accepted,

    /// <summary>It has published a result, but another attempt's was accepted first.</summary>
    Superseded,

    /// <summary>It failed and was charged as a fault.</summary>
    Faulted,

    /// <summary>It ended with a transient error; not charged.</summary>
    Snoozed,

    /// <summary>It stopped at an epoch at which arms are compared.</summary>
    Parked,

    /// <summary>It was interrupted on request; not charged.</summary>
    Released,

    /// <summary>Its lease expired, or its runner ended.</summary>
    Lost,

    /// <summary>Its job was cancelled.</summary>
    Cancelled,
}
