using Ser.Domain.Jobs;

namespace Ser.Scheduler;

/// <summary>Continues arms that successive halving has stopped early.</summary>
public static class ParkedJobs
{
    /// <summary>Promotes all parked jobs of a sweep, so that they run to the end without further comparisons.</summary>
    /// <returns>Number of promoted jobs.</returns>
    public static int PromoteAll(IParkedJobs parkedJobs, SweepSnapshot sweep)
    {
        string[] parked = [.. sweep.Jobs.Where(job => job.State == JobState.Parked).Select(job => job.Id)];
        return parkedJobs.Promote(parked, int.MaxValue);
    }
}
