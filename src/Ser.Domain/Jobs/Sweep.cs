namespace Ser.Domain.Jobs;

/// <summary>A sweep as it is submitted. A sweep is identified by its name: submitting the name again replaces the plan.</summary>
/// <param name="Name">Name.</param>
/// <param name="Definition">The experiment as JSON, from which tables are computed. The store does not interpret it.</param>
/// <param name="Jobs">The plan, parents before their dependants.</param>
public sealed record SweepPlan(string Name, string Definition, IReadOnlyList<SweepJob> Jobs)
{
    /// <summary>Owner and scheduling policy.</summary>
    public SweepTerms Terms { get; init; } = SweepTerms.Default;
}

/// <summary>A planned job and its place in a sweep.</summary>
/// <param name="Job">The job.</param>
/// <param name="Arm">Name of the arm, for display.</param>
/// <param name="Fold">Number of the fold, from 1.</param>
public sealed record SweepJob(PlannedJob Job, string Arm, int Fold);

/// <summary>Result of a submission.</summary>
/// <param name="Planned">Number of jobs of the plan.</param>
/// <param name="Reused">Number of these that already had an accepted result.</param>
/// <param name="Revived">Number of these that had failed or been cancelled and are queued again.</param>
public sealed record SubmissionOutcome(int Planned, int Reused, int Revived);

/// <summary>A request of another process to the runner of a data folder.</summary>
/// <param name="Kind">The requested action.</param>
/// <param name="Target">Name of the sweep, or id of the job.</param>
public sealed record RunnerRequest(RequestKind Kind, string Target);

/// <summary>Kinds of <see cref="RunnerRequest"/>.</summary>
public enum RequestKind
{
    /// <summary>Cancel a sweep.</summary>
    CancelSweep,

    /// <summary>Retry a job.</summary>
    RetryJob,
}
