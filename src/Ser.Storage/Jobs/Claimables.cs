using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>Which jobs may be claimed, and which first.</summary>
internal static class Claimables
{
    /// <summary>Jobs of a sweep that are looked at for one whose inputs the worker has.</summary>
    private const int Near = 64;

    /// <summary>Ready jobs and those with an expired lease, without those whose result is offered, of one sweep or (null) of any.</summary>
    public static IQueryable<JobRow> Of(JobContext db, string? sweep = null)
    {
        var jobs = db.Jobs.AsNoTracking().Where(job => job.State == JobState.Ready || job.State == JobState.Running); // the condition of the index
        if (sweep is not null)
        {
            jobs = jobs.Where(job => db.SweepJobs.Any(link => link.JobId == job.Id && db.Sweeps.Any(wanting => wanting.Id == link.SweepId && wanting.Wanted && wanting.Name == sweep)));
        }

        return jobs
            .Where(job => job.SweepId != null && (job.State == JobState.Ready || job.LeaseUntil < JobContext.Clock()))
            .Where(job => job.NotBefore == null || job.NotBefore <= JobContext.Clock())
            .Where(job => !db.Attempts.Any(attempt => attempt.JobId == job.Id && attempt.Outcome == AttemptOutcome.Offered));
    }

    /// <summary>Of these those that a worker may take: its stages, what they need, and not what has just failed on it, where there are others.</summary>
    public static IQueryable<JobRow> For(JobContext db, ClaimRequest request)
    {
        var stages = request.Stages;
        var jobs = Of(db, request.Sweep).Where(job => stages.Contains(job.Stage));
        var unmet = NeedsTable.UnmetBy(db, request.Can);
        if (unmet.Count > 0)
        {
            jobs = jobs.Where(job => job.NeedsId == null || !unmet.Contains(job.NeedsId.Value));
        }

        if (!request.Alone)
        {
            string worker = request.WorkerName;
            jobs = jobs.Where(job => job.FaultedOn != worker || job.FaultedAt == null || job.FaultedAt < JobContext.Clock() - JobTransitions.Elsewhere);
        }

        return jobs;
    }

    /// <summary>The sweep's jobs in their order: the deeper stage first, so that a fold is finished before the next begins, then the plan's order.</summary>
    public static IQueryable<JobRow> InOrder(this IQueryable<JobRow> jobs) => jobs.OrderBy(job => job.SweepId).ThenByDescending(job => job.Depth).ThenBy(job => job.Position);

    /// <summary>Ids of the next of these jobs, sweep by sweep: in the order of the index, so that what is done is never looked at.</summary>
    public static List<string> Next(JobContext db, IQueryable<JobRow> jobs, int limit)
    {
        var sweeps = db.Sweeps.AsNoTracking().Where(sweep => sweep.Wanted).OrderByDescending(sweep => sweep.Priority).ThenBy(sweep => sweep.Id).Select(sweep => new
        {
            sweep.Id,
            First = jobs.Where(job => job.SweepId == sweep.Id).OrderBy(job => job.SweepId).ThenByDescending(job => job.Depth).ThenBy(job => job.Position).Select(job => job.Id).FirstOrDefault(),
        }).AsEnumerable().Where(sweep => sweep.First is not null).ToList();
        var next = new List<string>();
        foreach (var sweep in sweeps.TakeWhile(_ => next.Count < limit))
        {
            int most = limit - next.Count;
            next.AddRange(most == 1 ? [sweep.First!] : jobs.Where(job => job.SweepId == sweep.Id).InOrder().Select(job => job.Id).Take(most).ToList());
        }

        return next;
    }

    /// <summary>Sweeps that have some of these jobs, the one whose turn it is first.</summary>
    public static List<Turn> Turns(JobContext db, IQueryable<JobRow> jobs, ClaimRequest request)
    {
        // Asked for in the order of the index, so that what is done is never looked at.
        var turns = db.Sweeps.AsNoTracking().Where(sweep => sweep.Wanted).Select(sweep => new
        {
            sweep.Id,
            sweep.Priority,
            sweep.Weight,
            Running = db.Jobs.Count(job => job.SweepId == sweep.Id && job.State == JobState.Running && job.LeaseUntil >= JobContext.Clock()),
            First = jobs.Where(job => job.SweepId == sweep.Id).OrderBy(job => job.SweepId).ThenByDescending(job => job.Depth).ThenBy(job => job.Position).Select(job => job.Id).FirstOrDefault(),
        }).AsEnumerable().Where(sweep => sweep.First is not null).Select(sweep => new Turn(sweep.Id, sweep.Priority, sweep.Weight, sweep.Running)).ToList();
        if (request.Holds.Count > 0)
        {
            turns.ForEach(turn => turn.Prefer(jobs.Where(job => job.SweepId == turn.SweepId).InOrder().Take(Near).Select(job => new { job.Depth, job.Reads }).AsEnumerable().Select(job => (job.Depth, job.Reads)), request.Holds));
        }

        turns.Sort();
        return turns;
    }

    /// <summary>A sweep that waits for its turn.</summary>
    internal sealed class Turn(int sweepId, int priority, double weight, int running) : IComparable<Turn>
    {
        public int SweepId => sweepId;

        /// <summary>Inputs of jobs that the worker has at hand; null: none of the next ones, or all the same.</summary>
        public string? Held { get; private set; }

        /// <summary>Depth of those jobs.</summary>
        public int Depth { get; private set; }

        /// <summary>So many more of its jobs run now.</summary>
        public void Add(int taken) => running += taken;

        /// <summary>What the worker has at hand does not count any longer.</summary>
        /// <returns>Whether it did.</returns>
        public bool TakeAny()
        {
            bool did = Held is not null;
            Held = null;
            return did;
        }

        /// <summary>How many it may have before it is the turn of the other; at least one.</summary>
        public int Until(Turn? other, int most)
        {
            int more = 1;
            while (more < most && (other is null || CompareWith(other, more) < 0))
            {
                more++;
            }

            return more;
        }

        public int CompareTo(Turn? other) => other is null ? -1 : CompareWith(other, 0);

        public void Prefer(IEnumerable<(int Depth, string? Reads)> next, IReadOnlyList<string> holds)
        {
            var near = next.ToList();
            var deepest = near.Where(job => job.Depth == near[0].Depth).ToList();
            Depth = near.Count > 0 ? near[0].Depth : 0;
            Held = deepest.Select(job => job.Reads).FirstOrDefault(reads => reads is not null && reads.Split(' ').All(holds.Contains));
        }

        private int CompareWith(Turn other, int more)
        {
            int order = other.Priority.CompareTo(priority);
            order = order != 0 ? order : ((running + more) / weight).CompareTo(other.Share);
            order = order != 0 ? order : (other.Held is not null).CompareTo(Held is not null);
            return order != 0 ? order : sweepId.CompareTo(other.SweepId);
        }

        private int Priority => priority;

        private double Share => running / weight;
    }
}
