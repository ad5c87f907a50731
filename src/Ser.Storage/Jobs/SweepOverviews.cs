using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;

namespace Ser.Storage.Jobs;

/// <summary>
/// Summarizes many sweeps in few queries. The database returns counts per fold, and single jobs only of sweeps that may be stuck.
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
                DefinitionLength = sweep.Definition.Length,
            })
            .ToList();
        var maybeStuck = sweeps.Where(sweep => !sweep.Withdrawn && MayBeStuck([.. folds[sweep.Id]]));
        var stuck = ReadJobs(db, [.. maybeStuck.Select(sweep => sweep.Id)]);
        return sweeps.ConvertAll(sweep =>
        {
            FoldCounts[] own = [.. folds[sweep.Id]];
            StageTotals[] stages = [.. spent[sweep.Id]];
            var times = StageTotalsQueries.Sum(stages);
            var jobs = stuck.Contains(sweep.Id) ? WaitingNotes.Annotate([.. stuck[sweep.Id]]) : OneOfEach(own);
            return new SweepOverview(
                sweep.Name,
                SweepSnapshot.DeriveState(jobs, sweep.Withdrawn),
                own.Select(fold => fold.Arm).Distinct().Count(),
                own.Length,
                own.Count(fold => fold.Done == fold.Jobs),
                own.Count(fold => fold.Failed > 0),
                own.Count(fold => fold.Running > 0),
                stages.Min(stage => stage.Started),
                stages.Any(stage => stage.Attempts > stage.Ended) ? null : stages.Max(stage => stage.LastEnded),
                own.Aggregate(sweep.DefinitionLength, AddToHash))
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

    public static string ReadVersion(JobContext db, string? sweep)
    {
        var sweeps = db.Sweeps.AsNoTracking().Where(row => sweep == null || row.Name == sweep);
        var totals = sweeps
            .GroupBy(_ => 1)
            .Select(all => new
            {
                Count = all.Count(),
                Submitted = all.Count(row => row.Withdrawn),
                Length = all.Sum(row => row.Definition.Length + (row.Owner ?? "").Length),
                Terms = all.Sum(row => row.Weight + (3 * row.Priority)),
            })
            .FirstOrDefault();
        var ids = db.SweepJobs.Where(link => sweeps.Any(row => row.Id == link.SweepId)).Select(link => link.JobId);
        var states = db.Jobs.AsNoTracking()
            .Where(job => sweep == null || ids.Contains(job.Id))
            .GroupBy(job => job.State)
            .Select(state => new
            {
                state.Key,
                Count = state.Count(),
                Attempts = state.Sum(job => job.Attempt),
                Steps = state.Sum(job => job.Step),
                Epochs = state.Sum(job => job.Epoch),
                Faults = state.Sum(job => job.Faults),
            })
            .AsEnumerable()
            .OrderBy(state => state.Key);
        return string.Join(' ', states.Select(state => state.ToString()).Prepend(totals?.ToString()));
    }

    private static int AddToHash(int hash, FoldCounts fold) =>
        HashCode.Combine(hash, fold.Done, fold.AcceptedAttempts, fold.WeightedAttempts);

    // The folds are ordered by their keys, so that the hash that is computed from them is the same each time.
    private static List<FoldCounts> Folds(JobContext db)
    {
        var folds =
            from link in db.SweepJobs
            join job in db.Jobs on link.JobId equals job.Id
            group new { link.Position, job.State, job.AcceptedAttempt } by new { link.SweepId, link.Arm, link.Fold } into fold
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
                fold.Sum(job => job.State == JobState.Done ? job.AcceptedAttempt ?? 0 : 0),
                fold.Sum(job => job.State == JobState.Done ? (job.AcceptedAttempt ?? 0) * (job.Position + 1) : 0));
        return folds.ToList();
    }

    // Jobs wait and no other job can run: only the states of their parents tell whether they ever will.
    private static bool MayBeStuck(IReadOnlyList<FoldCounts> folds) =>
        folds.Any(fold => fold.Waiting > 0) && folds.All(fold => fold.Ready + fold.Running == 0);

    private static ILookup<int, JobSnapshot> ReadJobs(JobContext db, IReadOnlyList<int> sweeps)
    {
        if (sweeps.Count == 0)
        {
            return Array.Empty<JobSnapshot>().ToLookup(_ => 0);
        }

        var jobs = from link in db.SweepJobs
                   join job in db.Jobs on link.JobId equals job.Id
                   where sweeps.Contains(link.SweepId)
                   select new { link.SweepId, link.Position, job.Id, job.Stage, job.State, job.EliminatedByHalving };
        var parents = db.Parents
            .Where(link => jobs.Any(job => job.Id == link.JobId))
            .Select(link => new { link.JobId, link.ParentId })
            .AsEnumerable()
            .ToLookup(link => link.JobId, link => link.ParentId);
        var ordered = jobs.OrderBy(job => job.Position).AsEnumerable();
        return ordered.ToLookup(job => job.SweepId, job => new JobSnapshot
        {
            Id = job.Id,
            Stage = job.Stage,
            Title = "",
            State = job.State,
            EliminatedByHalving = job.EliminatedByHalving,
            After = [.. parents[job.Id]],
        });
    }

    // One job of each state that occurs: enough to compute the state of a sweep in which nothing is stuck.
    private static JobSnapshot[] OneOfEach(IReadOnlyList<FoldCounts> folds)
    {
        (JobState State, int Count)[] counts =
        [
            (JobState.Done, folds.Sum(fold => fold.Done)),
            (JobState.Failed, folds.Sum(fold => fold.Failed)),
            (JobState.Running, folds.Sum(fold => fold.Running)),
            (JobState.Ready, folds.Sum(fold => fold.Ready)),
            (JobState.Waiting, folds.Sum(fold => fold.Waiting)),
            (JobState.Cancelled, folds.Sum(fold => fold.Cancelled)),
            (JobState.Parked, folds.Sum(fold => fold.Parked)),
        ];
        var states = counts.Where(entry => entry.Count > 0).Select(entry => entry.State);
        return [.. states.Select(state => new JobSnapshot { Id = state.ToString(), Stage = "", Title = "", State = state })];
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
        int AcceptedAttempts,
        int WeightedAttempts)
    {
        public int Cancelled => Jobs - Done - Failed - Running - Ready - Waiting - Parked;
    }
}
