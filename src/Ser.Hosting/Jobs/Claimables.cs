using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Hosting.Jobs.Rows;

namespace Ser.Hosting.Jobs;

/// <summary>Which jobs may be claimed, and which first.</summary>
internal static class Claimables
{
    /// <summary>
    /// Ready jobs and those with an expired lease, without those whose result is offered. The earliest sweep comes first, then the deeper stage,
    /// so that a fold is finished before the next begins, then the plan's order.
    /// </summary>
    /// <param name="db">The tables.</param>
    /// <param name="stages">Stages that can be run; null: any.</param>
    /// <param name="sweep">Name of the only sweep that counts; null: any.</param>
    public static IQueryable<JobRow> BestFirst(JobContext db, IReadOnlyList<string>? stages, string? sweep)
    {
        var jobs = db.Jobs.AsNoTracking().Where(job => job.State == JobState.Ready || job.State == JobState.Running); // the condition of the index
        if (stages is not null)
        {
            jobs = jobs.Where(job => stages.Contains(job.Stage));
        }

        if (sweep is not null)
        {
            jobs = jobs.Where(job => db.SweepJobs.Any(link => link.JobId == job.Id && db.Sweeps.Any(wanting => wanting.Id == link.SweepId && wanting.Wanted && wanting.Name == sweep)));
        }

        return jobs
            .Where(job => job.SweepId != null && (job.State == JobState.Ready || job.LeaseUntil < JobContext.Clock()))
            .Where(job => !db.Attempts.Any(attempt => attempt.JobId == job.Id && attempt.Outcome == AttemptOutcome.Offered))
            .OrderBy(job => job.SweepId).ThenByDescending(job => job.Depth).ThenBy(job => job.Position);
    }
}
