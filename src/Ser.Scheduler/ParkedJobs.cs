using Ser.Domain.Jobs;

namespace Ser.Scheduler;

/// <summary>Arms that were stopped early and are wanted after all.</summary>
public static class ParkedJobs
{
    /// <summary>Has every parked job of a sweep run to its end, without further comparisons.</summary>
    /// <returns>How many there were.</returns>
    public static int GoOn(IJobStore jobs, SweepSnapshot sweep) => jobs.Promote([.. sweep.Jobs.Where(job => job.State == JobState.Parked).Select(job => job.Id)], int.MaxValue);
}
