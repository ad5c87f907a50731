namespace Ser.Domain.Jobs;

/// <summary>A sweep that is submitted again and again: at night, say, or when a corpus may have changed. What is done is not done again.</summary>
/// <param name="Name">Name of the sweep, which is the schedule's.</param>
/// <param name="Cron">Minute, hour, day of the month, month, day of the week.</param>
/// <param name="Zone">Name of the time zone in which these are meant, such as UTC or Europe/Berlin.</param>
/// <param name="Plan">What is submitted.</param>
public sealed record SweepSchedule(string Name, string Cron, string Zone, SweepPlan Plan);

/// <summary>A sweep that has come to an end which nobody was told of yet.</summary>
/// <param name="Name">Name.</param>
/// <param name="State">Done, failed or cancelled.</param>
/// <param name="Jobs">Number of its jobs.</param>
/// <param name="Done">Of these, jobs with an accepted result.</param>
/// <param name="Failed">Of these, jobs that failed.</param>
/// <param name="Ended">When its last attempt ended, seconds since 1970 on the store's clock; null: it had none.</param>
public sealed record EndedSweep(string Name, SweepState State, int Jobs, int Done, int Failed, double? Ended);
