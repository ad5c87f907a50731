namespace Ser.Domain.Jobs;

/// <summary>A sweep as it is submitted. Its name is its identity: submitting a name again replaces what the sweep wants.</summary>
/// <param name="Name">Name.</param>
/// <param name="Definition">The experiment as JSON, for those who compute tables; the store does not look into it.</param>
/// <param name="Jobs">The plan, parents before their dependants.</param>
public sealed record SweepPlan(string Name, string Definition, IReadOnlyList<SweepJob> Jobs)
{
    /// <summary>How it runs beside others.</summary>
    public SweepTerms Terms { get; init; } = SweepTerms.Usual;
}

/// <summary>A planned job and its place in a sweep.</summary>
/// <param name="Job">The job.</param>
/// <param name="Arm">Name of the arm, for people.</param>
/// <param name="Fold">Number of the fold, from 1.</param>
public sealed record SweepJob(PlannedJob Job, string Arm, int Fold);

/// <summary>What submitting came to.</summary>
/// <param name="Planned">Jobs of the plan.</param>
/// <param name="Reused">Of these, jobs that had an accepted result already.</param>
/// <param name="Revived">Of these, jobs that had failed or been cancelled and are wanted again.</param>
public sealed record SubmissionOutcome(int Planned, int Reused, int Revived);

/// <summary>Something asked of a runner by another process.</summary>
/// <param name="Kind">What is asked.</param>
/// <param name="Target">Name of the sweep, or id of the job.</param>
public sealed record RunnerRequest(RequestKind Kind, string Target);

/// <summary>Kinds of request.</summary>
public enum RequestKind
{
    /// <summary>Cancel a sweep.</summary>
    CancelSweep,

    /// <summary>Retry a job.</summary>
    RetryJob,
}
