namespace Ser.Domain.Jobs;

/// <summary>Where a sweep is, as its jobs say.</summary>
public enum SweepState
{
    /// <summary>Something can still run.</summary>
    Unfinished,

    /// <summary>Every job has an accepted result, but for those of arms that were set aside.</summary>
    Done,

    /// <summary>Nothing more can run, and a job failed.</summary>
    Failed,

    /// <summary>Nothing more can run, since it was cancelled.</summary>
    Cancelled,
}

/// <summary>A sweep at one moment.</summary>
/// <param name="Name">Name.</param>
/// <param name="Definition">The experiment as JSON, as submitted.</param>
/// <param name="State">Where it is.</param>
/// <param name="Jobs">Its jobs in plan order.</param>
public sealed record SweepSnapshot(string Name, string Definition, SweepState State, IReadOnlyList<JobSnapshot> Jobs)
{
    /// <summary>Where it was imported from; null for a sweep of this store. An imported one can be looked at and no more.</summary>
    public string? Imported { get; init; }

    /// <summary>How it runs beside others.</summary>
    public SweepTerms Terms { get; init; } = SweepTerms.Usual;

    /// <summary>When it was first submitted, seconds since 1970 on the store's clock; 0: not known.</summary>
    public double Submitted { get; init; }

    /// <summary>Number of jobs in a state.</summary>
    public int Count(JobState state) => Jobs.Count(job => job.State == state);

    /// <summary>Where a sweep with these jobs is. A job that waits for a failed or cancelled one cannot run; nor do jobs of a sweep that is no longer wanted, for its sake.</summary>
    public static SweepState StateOf(IReadOnlyList<JobSnapshot> jobs, bool wanted)
    {
        if (wanted && jobs.Any(job => job.State is JobState.Ready or JobState.Running || (job.State == JobState.Parked && !job.Aside) || (job.State == JobState.Waiting && job.WaitsFor is null)))
        {
            return SweepState.Unfinished;
        }

        return wanted && jobs.Any(job => job.State == JobState.Failed) ? SweepState.Failed
            : jobs.All(job => job.State == JobState.Done) || (wanted && jobs.Any(job => job.State == JobState.Done) && jobs.All(job => job.State is JobState.Done or JobState.Parked or JobState.Waiting)) ? SweepState.Done
            : SweepState.Cancelled;
    }
}

/// <summary>A job at one moment. Arm and fold are its place in the sweep that was asked for.</summary>
public sealed record JobSnapshot
{
    /// <summary>The job's id.</summary>
    public required string Id { get; init; }

    /// <summary>Its stage.</summary>
    public required string Stage { get; init; }

    /// <summary>For people.</summary>
    public required string Title { get; init; }

    /// <summary>Name of the arm; empty where no sweep was asked for.</summary>
    public string Arm { get; init; } = "";

    /// <summary>Number of the fold, from 1; 0 where no sweep was asked for.</summary>
    public int Fold { get; init; }

    /// <summary>Where it is in its life.</summary>
    public required JobState State { get; init; }

    /// <summary>The last attempt; 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>Charged faults.</summary>
    public int Faults { get; init; }

    /// <summary>Faults that end it.</summary>
    public int MaxAttempts { get; init; } = JobTransitions.MaxAttempts;

    /// <summary>Seconds since 1970 on the store's clock before which nobody may claim it, where it was put off; null: at once.</summary>
    public double? NotBefore { get; init; }

    /// <summary>How many comparisons of arms it has passed.</summary>
    public int Rung { get; init; }

    /// <summary>Whether its arm was set aside at a comparison: it stays parked until somebody wants it to go on.</summary>
    public bool Aside { get; init; }

    /// <summary>Who holds the lease.</summary>
    public string? Worker { get; init; }

    /// <summary>Why the last attempt that did not succeed ended.</summary>
    public string? Error { get; init; }

    /// <summary>"waiting for failed …" or "waiting for cancelled …", where an ancestor will not come by itself.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>How far the running or last attempt is; its point is the last one recorded.</summary>
    public StageProgress? Progress { get; init; }

    /// <summary>The accepted result, once done.</summary>
    public AcceptedResult? Result { get; init; }

    /// <summary>Ids of the parents, in the plan's order.</summary>
    public IReadOnlyList<string> After { get; init; } = [];
}

/// <summary>One attempt of a job.</summary>
/// <param name="Attempt">Its number.</param>
/// <param name="Worker">Who ran it.</param>
/// <param name="Started">Seconds since 1970 on the store's clock.</param>
/// <param name="Ended">The same, or null while it runs.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Why">The error or the reason.</param>
/// <param name="Log">Its last log lines.</param>
public sealed record AttemptRecord(int Attempt, string Worker, double Started, double? Ended, AttemptOutcome Outcome, string? Why, string? Log);

/// <summary>How an attempt ended.</summary>
public enum AttemptOutcome
{
    /// <summary>It has not.</summary>
    Running,

    /// <summary>Its result waits to be looked at.</summary>
    Offered,

    /// <summary>Its result is the job's.</summary>
    Accepted,

    /// <summary>Another result was accepted first.</summary>
    Superseded,

    /// <summary>It failed and was charged.</summary>
    Faulted,

    /// <summary>A transient fault ended it; not charged.</summary>
    PutOff,

    /// <summary>It stopped at an epoch at which arms are compared.</summary>
    Parked,

    /// <summary>It was interrupted on request; not charged.</summary>
    HandedBack,

    /// <summary>Its lease ran out, or its runner is gone.</summary>
    Lost,

    /// <summary>Its job was cancelled.</summary>
    Cancelled,
}
