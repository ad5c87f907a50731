using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;

namespace Ser.Storage.Jobs;

/// <summary>
/// Summarizes many sweeps in few queries. The database returns counts per fold, never single jobs.
/// </summary>
internal static class SweepOverviews
{
    public static IReadOnlyList<SweepOverview> Read(JobContext db)
    {
        var folds = Folds(db).ToLookup(fold => fold.SweepId);
        var spent = StageTotalsQueries.Read(db, null);
        var sweeps = db.Sweeps.AsNoTracking()
            .OrderBy(sweep => sweep.Id)
            .Select(sweep => new
            {
                sweep.Id,
                sweep.Name,
                sweep.Withdrawn,
                sweep.Owner,
                sweep.Priority,
                sweep.Weight,
                sweep.KeepWeights,
                sweep.Submitted,
                sweep.ResultVersion,
            })
            .ToList();
        return sweeps.ConvertAll(sweep =>
        {
            FoldCounts[] own = [.. folds[sweep.Id]];
            StageTotals[] stages = [.. spent[sweep.Id]];
            var times = StageTotalsQueries.Sum(stages);
            return new SweepOverview(
                sweep.Name,
                Sum(own).DeriveState(sweep.Withdrawn),
                own.Select(fold => fold.Arm).Distinct().Count(),
                own.Length,
                own.Count(fold => fold.Done == fold.Jobs),
                own.Count(fold => fold.Failed > 0),
                own.Count(fold => fold.Running > 0),
                stages.Min(stage => stage.Started),
                stages.Any(stage => stage.Attempts > stage.Ended) ? null : stages.Max(stage => stage.LastEnded),
                sweep.ResultVersion + own.Sum(fold => fold.ResultVersion))
            {
                Terms = new SweepTerms
                {
                    Owner = sweep.Owner,
                    Priority = sweep.Priority,
                    Weight = sweep.Weight,
                    KeepWeights = sweep.KeepWeights,
                },
                Submitted = sweep.Submitted,
                Times = times,
            };
        });
    }

    /// <summary>
    /// The sum of the versions of the sweep, or of all sweeps, and of their jobs. It rises with every change and never falls.
    /// </summary>
    public static long ReadVersion(JobContext db, string? sweep)
    {
        if (sweep is null)
        {
            return db.Sweeps.Sum(row => row.Version) + db.Jobs.Sum(job => job.Version);
        }

        var jobs = from row in db.Sweeps
                   join link in db.SweepJobs on row.Id equals link.SweepId
                   join job in db.Jobs on link.JobId equals job.Id
                   where row.Name == sweep
                   select job.Version;
        return db.Sweeps.Where(row => row.Name == sweep).Sum(row => row.Version) + jobs.Sum();
    }

    private static List<FoldCounts> Folds(JobContext db)
    {
        var folds =
            from link in db.SweepJobs
            join job in db.Jobs on link.JobId equals job.Id
            group new { job.State, job.EliminatedByHalving, job.ResultVersion } by new { link.SweepId, link.Arm, link.Fold } into fold
            orderby fold.Key.SweepId, fold.Key.Arm, fold.Key.Fold
            select new FoldCounts(
                fold.Key.SweepId,
                fold.Key.Arm,
                fold.Count(),
                fold.Count(job => job.State == JobState.Done),
                fold.Count(job => job.State == JobState.Failed),
                fold.Count(job => job.State == JobState.Running),
                fold.Count(job => job.State == JobState.Ready),
                fold.Count(job => job.State == JobState.Waiting),
                fold.Count(job => job.State == JobState.Parked),
                fold.Count(job => job.State == JobState.Parked && job.EliminatedByHalving),
                fold.Sum(job => job.ResultVersion));
        return folds.ToList();
    }

    private static JobStateCounts Sum(FoldCounts[] folds)
    {
        return new JobStateCounts
        {
            Waiting = folds.Sum(fold => fold.Waiting),
            Ready = folds.Sum(fold => fold.Ready),
            Running = folds.Sum(fold => fold.Running),
            Undecided = folds.Sum(fold => fold.Parked - fold.Eliminated),
            Eliminated = folds.Sum(fold => fold.Eliminated),
            Done = folds.Sum(fold => fold.Done),
            Failed = folds.Sum(fold => fold.Failed),
            Cancelled = folds.Sum(fold => fold.Cancelled),
        };
    }

    private sealed record FoldCounts(
        int SweepId,
        string Arm,
        int Jobs,
        int Done,
        int Failed,
        int Running,
        int Ready,
        int Waiting,
        int Parked,
        int Eliminated,
        long ResultVersion)
    {
        public int Cancelled => Jobs - Done - Failed - Running - Ready - Waiting - Parked;
    }
}
