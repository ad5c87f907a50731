using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>Queries for the jobs that may be claimed, and their order.</summary>
internal static class ClaimQueries
{
    /// <summary>Number of next jobs of a sweep among which a job with inputs that the worker has is preferred.</summary>
    private const int PreferenceWindow = 64;

    /// <summary>Ready jobs and jobs with an expired lease, except those with a published result, of one sweep or (null) of any.</summary>
    public static IQueryable<JobRow> FindClaimable(JobContext db, string? sweep = null)
    {
        // This is the condition of the partial index IX_jobs_open.
        var jobs = db.Jobs.AsNoTracking().Where(job => job.State == JobState.Ready || job.State == JobState.Running);
        if (sweep is not null)
        {
            var sweeps = db.Sweeps.Where(row => !row.Withdrawn && row.Name == sweep);
            jobs = jobs.Where(job => db.SweepJobs.Any(link => link.JobId == job.Id && sweeps.Any(row => row.Id == link.SweepId)));
        }

        return jobs
            .Where(job => job.SweepId != null && (job.State == JobState.Ready || job.LeaseUntil < JobContext.Now()))
            .Where(job => job.NotBefore == null || job.NotBefore <= JobContext.Now())
            .Where(job => !db.Attempts.Any(attempt => attempt.JobId == job.Id && attempt.Outcome == AttemptOutcome.Completed));
    }

    /// <summary>
    /// Ids of the sweeps that ready or running jobs are assigned to. Each is found by one seek in IX_jobs_open, so that the time does not
    /// depend on the number of jobs or of finished sweeps.
    /// </summary>
    public static IQueryable<int> FindOpenSweeps(JobContext db) => db.Database.SqlQuery<int>(
        $"""
        WITH RECURSIVE "open" ("Value") AS (
            SELECT (SELECT "SweepId" FROM "jobs"
                WHERE "State" IN ('Ready', 'Running') AND "SweepId" IS NOT NULL ORDER BY "SweepId" LIMIT 1)
            UNION ALL
            SELECT (SELECT "SweepId" FROM "jobs"
                WHERE "State" IN ('Ready', 'Running') AND "SweepId" > "open"."Value" ORDER BY "SweepId" LIMIT 1)
            FROM "open" WHERE "open"."Value" IS NOT NULL)
        SELECT "Value" FROM "open" WHERE "Value" IS NOT NULL
        """);

    /// <summary>
    /// The claimable jobs that a worker may claim: of its stages, with requirements that it meets, and, if there are other workers, without
    /// those that have recently failed on it.
    /// </summary>
    public static IQueryable<JobRow> FindFor(JobContext db, ClaimRequest request)
    {
        var stages = request.Stages;
        var jobs = FindClaimable(db, request.Sweep).Where(job => stages.Contains(job.Stage));
        var unmet = NeedsTable.FindUnmet(db, request.Capabilities);
        if (unmet.Count > 0)
        {
            jobs = jobs.Where(job => job.NeedsId == null || !unmet.Contains(job.NeedsId.Value));
        }

        if (!request.IsOnlyWorker)
        {
            string worker = request.WorkerName;
            jobs = jobs.Where(job => job.FaultedOn != worker
                || job.FaultedAt == null
                || job.FaultedAt < JobContext.Now() - JobTransitions.AvoidWorkerSeconds);
        }

        return jobs;
    }

    /// <summary>
    /// Orders the jobs of a sweep: deeper stages first, so that a fold is finished before the next begins, then by position in the plan.
    /// </summary>
    public static IQueryable<JobRow> InClaimOrder(this IQueryable<JobRow> jobs) =>
        jobs.OrderBy(job => job.SweepId).ThenByDescending(job => job.Depth).ThenBy(job => job.Position);

    /// <summary>
    /// Ids of the next of these jobs, sweep by sweep. Reads in the order of the index, so that finished jobs are never visited.
    /// </summary>
    public static List<string> NextIds(JobContext db, IQueryable<JobRow> jobs, int limit)
    {
        var sweeps = WithOpenJobs(db)
            .OrderByDescending(sweep => sweep.Priority)
            .ThenBy(sweep => sweep.Id)
            .Select(sweep => new
            {
                sweep.Id,
                FirstJob = jobs
                    .Where(job => job.SweepId == sweep.Id)
                    .OrderBy(job => job.SweepId).ThenByDescending(job => job.Depth).ThenBy(job => job.Position)
                    .Select(job => job.Id)
                    .FirstOrDefault(),
            })
            .AsEnumerable()
            .Where(sweep => sweep.FirstJob is not null)
            .ToList();
        var next = new List<string>();
        foreach (var sweep in sweeps.TakeWhile(_ => next.Count < limit))
        {
            int remaining = limit - next.Count;
            var ids = jobs.Where(job => job.SweepId == sweep.Id).InClaimOrder().Select(job => job.Id).Take(remaining);
            next.AddRange(remaining == 1 ? [sweep.FirstJob!] : ids.ToList());
        }

        return next;
    }

    /// <summary>Sweeps that have some of these jobs, in the order in which they are served.</summary>
    public static List<SweepCandidate> Candidates(JobContext db, IQueryable<JobRow> jobs, ClaimRequest request)
    {
        // Reads in the order of the index, so that finished jobs are never visited.
        var sweeps = WithOpenJobs(db).Select(sweep => new
        {
            sweep.Id,
            sweep.Priority,
            sweep.Weight,
            Running = db.Jobs.Count(job => job.SweepId == sweep.Id
                && job.State == JobState.Running
                && job.LeaseUntil >= JobContext.Now()),
            FirstJob = jobs
                .Where(job => job.SweepId == sweep.Id)
                .OrderBy(job => job.SweepId).ThenByDescending(job => job.Depth).ThenBy(job => job.Position)
                .Select(job => job.Id)
                .FirstOrDefault(),
        });
        var candidates = sweeps.AsEnumerable()
            .Where(sweep => sweep.FirstJob is not null)
            .Select(sweep => new SweepCandidate(sweep.Id, sweep.Priority, sweep.Weight, sweep.Running))
            .ToList();
        if (request.CachedInputs.Count > 0)
        {
            foreach (var candidate in candidates)
            {
                var next = jobs.Where(job => job.SweepId == candidate.SweepId).InClaimOrder().Take(PreferenceWindow)
                    .Select(job => new { job.Depth, job.Reads })
                    .AsEnumerable()
                    .Select(job => new NextJob(job.Depth, job.Reads));
                candidate.Prefer(next, request.CachedInputs);
            }
        }

        candidates.Sort();
        return candidates;
    }

    private static IQueryable<SweepRow> WithOpenJobs(JobContext db) =>
        from open in FindOpenSweeps(db)
        join sweep in db.Sweeps.AsNoTracking() on open equals sweep.Id
        where !sweep.Withdrawn
        select sweep;

    /// <summary>Depth and inputs of one of the next jobs of a sweep.</summary>
    internal sealed record NextJob(int Depth, string? Reads);

    /// <summary>A sweep that the next job may be claimed from. Sorts in the order in which sweeps are served.</summary>
    internal sealed class SweepCandidate(int sweepId, int priority, double weight, int running) : IComparable<SweepCandidate>
    {
        public int SweepId => sweepId;

        /// <summary>Inputs that the worker has and that jobs of this sweep are preferred by; null: no preference.</summary>
        public string? PreferredInputs { get; private set; }

        /// <summary>Depth of the preferred jobs.</summary>
        public int PreferredDepth { get; private set; }

        /// <summary>Adds to the number of its running jobs.</summary>
        public void AddRunning(int claimed) => running += claimed;

        /// <summary>Drops the preference for inputs that the worker has.</summary>
        /// <returns>Whether there was one.</returns>
        public bool DropPreference()
        {
            bool hadPreference = PreferredInputs is not null;
            PreferredInputs = null;
            return hadPreference;
        }

        /// <summary>Number of jobs that it may get before the next candidate is served; at least one.</summary>
        public int JobsBefore(SweepCandidate? other, int limit)
        {
            int more = 1;
            while (more < limit && (other is null || CompareWith(other, more) < 0))
            {
                more++;
            }

            return more;
        }

        public int CompareTo(SweepCandidate? other) => other is null ? -1 : CompareWith(other, 0);

        /// <summary>Prefers jobs of the deepest stage whose inputs the worker has.</summary>
        public void Prefer(IEnumerable<NextJob> next, IReadOnlyList<string> localInputs)
        {
            var jobs = next.ToList();
            var deepest = jobs.Where(job => job.Depth == jobs[0].Depth).ToList();
            PreferredDepth = jobs.Count > 0 ? jobs[0].Depth : 0;
            bool IsLocal(string? reads) => reads is not null && reads.Split(' ').All(localInputs.Contains);
            PreferredInputs = deepest.Select(job => job.Reads).FirstOrDefault(IsLocal);
        }

        private int CompareWith(SweepCandidate other, int more)
        {
            int order = other.Priority.CompareTo(priority);
            order = order != 0 ? order : ((running + more) / weight).CompareTo(other.Share);
            order = order != 0 ? order : (other.PreferredInputs is not null).CompareTo(PreferredInputs is not null);
            return order != 0 ? order : sweepId.CompareTo(other.SweepId);
        }

        private int Priority => priority;

        private double Share => running / weight;
    }
}
