namespace Ser.Domain.Jobs;

/// <summary>
/// A sweep that is submitted repeatedly, for example every night or because its corpus may change. Each submission reuses finished work.
/// </summary>
/// <param name="Name">Name of the sweep, and of the schedule.</param>
/// <param name="Cron">Cron expression: minute, hour, day of the month, month, day of the week.</param>
/// <param name="Zone">Time zone of the cron expression, such as UTC or Europe/Berlin.</param>
/// <param name="Plan">The plan to submit.</param>
public sealed record SweepSchedule(string Name, string Cron, string Zone, SweepPlan Plan)
{
    /// <summary>Why the stored plan cannot be submitted; null if it can. Then <see cref="Plan"/> has no jobs.</summary>
    public string? Problem { get; init; }

    /// <exception cref="InputException">The stored plan cannot be read.</exception>
    public void RequireReadable()
    {
        if (Problem is not null)
        {
            throw new InputException($"schedule {Name}: {Problem}");
        }
    }
}

/// <summary>A sweep that has ended and whose end is still to be reported to the webhooks.</summary>
/// <param name="Name">Name.</param>
/// <param name="State">Done, failed or cancelled.</param>
/// <param name="Jobs">Number of jobs.</param>
/// <param name="Done">Number of jobs with an accepted result.</param>
/// <param name="Failed">Number of failed jobs.</param>
/// <param name="Ended">End of the last attempt, in Unix seconds on the store's clock; null if there was none.</param>
public sealed record EndedSweep(string Name, SweepState State, int Jobs, int Done, int Failed, double? Ended);
