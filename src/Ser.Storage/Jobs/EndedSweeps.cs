using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>Sweeps that have ended, with the counts that a notification names.</summary>
internal static class EndedSweeps
{
    /// <summary>Those whose end has not been notified, in a fixed number of queries.</summary>
    internal static IReadOnlyList<EndedSweep> ReadUnnotified(JobContext db)
    {
        var open = db.Jobs.Where(job => job.State == JobState.Ready
            || job.State == JobState.Running
            || (job.State == JobState.Parked && !job.EliminatedByHalving));
        var ended = db.Sweeps.AsNoTracking()
            .Where(sweep => sweep.NotifiedState == null)
            .Where(sweep => sweep.Withdrawn || !db.SweepJobs.Any(link => link.SweepId == sweep.Id && open.Any(job => job.Id == link.JobId)))
            .OrderBy(sweep => sweep.Id)
            .Select(sweep => new { sweep.Id, sweep.Name, sweep.Withdrawn })
            .ToList();
        int[] ids = [.. ended.Select(sweep => sweep.Id)];
        var jobs = from link in db.SweepJobs
                   join job in db.Jobs on link.JobId equals job.Id
                   where ids.Contains(link.SweepId)
                   group link by new { link.SweepId, job.State, job.EliminatedByHalving } into alike
                   select new { alike.Key.SweepId, Jobs = new JobsInState(alike.Key.State, alike.Key.EliminatedByHalving, alike.Count()) };
        var attempts = from link in db.SweepJobs
                       join attempt in db.Attempts on link.JobId equals attempt.JobId
                       where ids.Contains(link.SweepId)
                       group attempt by link.SweepId into ofSweep
                       select new { SweepId = ofSweep.Key, Last = ofSweep.Max(attempt => attempt.Ended) };
        var states = jobs.AsNoTracking().AsEnumerable().ToLookup(row => row.SweepId, row => row.Jobs);
        var lastEnded = attempts.AsNoTracking().ToDictionary(row => row.SweepId, row => row.Last);
        return ended.ConvertAll(sweep =>
        {
            var counts = CountJobs([.. states[sweep.Id]]);
            var state = counts.DeriveState(sweep.Withdrawn);
            return new EndedSweep(sweep.Name, state, counts.Total, counts.Done, counts.Failed, lastEnded.GetValueOrDefault(sweep.Id));
        }).FindAll(sweep => sweep.State != SweepState.Unfinished);
    }

    private sealed record JobsInState(JobState State, bool EliminatedByHalving, int Count);

    private static JobStateCounts CountJobs(IReadOnlyList<JobsInState> states)
    {
        int CountIn(JobState state) => states.Where(group => group.State == state).Sum(group => group.Count);
        int eliminated = states.Where(group => group.State == JobState.Parked && group.EliminatedByHalving).Sum(group => group.Count);
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
}
