using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Hosting.Jobs.Rows;

namespace Ser.Hosting.Jobs;

/// <summary>Which jobs may be claimed, and which first.</summary>
internal static class Claimables
{
    /// <summary>
    /// Ready jobs and those with an expired lease, without those whose result is offered. The earliest sweep comes first, then the deeper stage,
    /// so that a fold is finished before the next begins, then the plan's order. A job of two sweeps is in the list twice.
    /// </summary>
    /// <param name="db">The tables.</param>
    /// <param name="stages">Stages that can be run; null: any.</param>
    /// <param name="sweep">Name of the only sweep that counts; null: any.</param>
    public static IQueryable<JobRow> BestFirst(JobContext db, IReadOnlyList<string>? stages, string? sweep)
    {
        var jobs = db.Jobs.AsNoTracking();
        if (stages is not null)
        {
            jobs = jobs.Where(job => stages.Contains(job.Stage));
        }

        return from job in jobs
               where job.State == JobState.Ready || (job.State == JobState.Running && job.LeaseUntil < JobContext.Clock())
               where !db.Attempts.Any(attempt => attempt.JobId == job.Id && attempt.Outcome == AttemptOutcome.Offered)
               join link in db.SweepJobs on job.Id equals link.JobId
               join wanting in db.Sweeps on link.SweepId equals wanting.Id
               where wanting.Wanted && (sweep == null || wanting.Name == sweep)
               orderby link.SweepId, job.Depth descending, link.Position
               select job;
    }
}
