namespace Ser.Domain.Jobs;

/// <summary>Number of jobs of a sweep in each state. Parked jobs count either as undecided or as eliminated.</summary>
public sealed record JobStateCounts
{
    /// <summary>Waiting for parents.</summary>
    public int Waiting { get; init; }

    /// <summary>Ready to be claimed.</summary>
    public int Ready { get; init; }

    /// <summary>Running.</summary>
    public int Running { get; init; }

    /// <summary>Parked; successive halving has neither promoted nor eliminated their arms yet.</summary>
    public int Undecided { get; init; }

    /// <summary>Parked for good: successive halving has eliminated their arms.</summary>
    public int Eliminated { get; init; }

    /// <summary>With an accepted result.</summary>
    public int Done { get; init; }

    /// <summary>Failed.</summary>
    public int Failed { get; init; }

    /// <summary>Cancelled.</summary>
    public int Cancelled { get; init; }

    /// <summary>All jobs.</summary>
    public int Total => Waiting + Ready + Running + Undecided + Eliminated + Done + Failed + Cancelled;

    /// <summary>Counts the jobs of a list.</summary>
    public static JobStateCounts From(IReadOnlyList<JobSnapshot> jobs)
    {
        int CountIn(JobState state) => jobs.Count(job => job.State == state);
        int eliminated = jobs.Count(job => job.State == JobState.Parked && job.EliminatedByHalving);
        return new JobStateCounts
        {
            Waiting = CountIn(JobState.Waiting),
            Ready = CountIn(JobState.Ready),
            Running = CountIn(JobState.Running),
            Undecided = CountIn(JobState.Parked) - eliminated,
            Eliminated = eliminated,
            Done = CountIn(JobState.Done),
            Failed = CountIn(JobState.Failed),
            Cancelled = CountIn(JobState.Cancelled),
        };
    }

    /// <summary>Derives the state of the sweep.</summary>
    /// <param name="withdrawn">Whether the sweep has been cancelled. Its jobs may still run for another sweep.</param>
    public SweepState DeriveState(bool withdrawn)
    {
        if (Done == Total)
        {
            return SweepState.Done;
        }

        if (withdrawn)
        {
            return SweepState.Cancelled;
        }

        // When no job is ready, running or undecided, jobs can only wait for parents that ended without a result, since the acceptance of a
        // parent makes its dependants ready in the same transaction.
        bool canRun = Ready + Running + Undecided > 0;
        bool waitsForUnknown = Waiting > 0 && Failed + Cancelled + Eliminated == 0;
        if (canRun || waitsForUnknown)
        {
            return SweepState.Unfinished;
        }

        if (Failed > 0)
        {
            return SweepState.Failed;
        }

        // What is left are jobs of eliminated arms and dependants that wait for them.
        return Done > 0 && Cancelled == 0 ? SweepState.Done : SweepState.Cancelled;
    }
}
