using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;

namespace Ser.Hosting.Jobs;

/// <summary>Many sweeps in few queries.</summary>
internal static class Overviews
{
    public static IReadOnlyList<SweepOverview> Of(JobContext db)
    {
        var after = db.Parents.AsNoTracking().Select(link => new { link.JobId, link.ParentId }).AsEnumerable().ToLookup(link => link.JobId, link => link.ParentId);
        var jobs = db.Jobs.AsNoTracking().Select(job => new { job.Id, job.Stage, job.State, job.Attempt, job.AcceptedAttempt }).AsEnumerable().ToDictionary(job => job.Id, job => new JobSnapshot
        {
            Id = job.Id,
            Stage = job.Stage,
            Title = "",
            State = job.State,
            Attempt = job.AcceptedAttempt ?? job.Attempt,
            After = [.. after[job.Id]],
        });
        double now = db.Sweeps.AsNoTracking().Select(_ => JobContext.Clock()).FirstOrDefault();
        var attempts = db.Attempts.AsNoTracking().Select(attempt => new { attempt.JobId, attempt.Started, attempt.Ended }).AsEnumerable().ToLookup(attempt => attempt.JobId, attempt => (attempt.Started, attempt.Ended));
        var links = db.SweepJobs.AsNoTracking().OrderBy(link => link.Position).Select(link => new { link.SweepId, link.JobId, link.Arm, link.Fold }).AsEnumerable().ToLookup(link => link.SweepId);
        return db.Sweeps.AsNoTracking().OrderBy(sweep => sweep.Id).Select(sweep => new { sweep.Id, sweep.Name, sweep.Wanted, sweep.Owner, sweep.Priority, sweep.Weight, sweep.KeepWeights, sweep.Submitted }).ToList().ConvertAll(sweep =>
        {
            var own = WaitingNotes.Add([.. links[sweep.Id].Select(link => jobs[link.JobId] with { Arm = link.Arm, Fold = link.Fold })]);
            var folds = own.GroupBy(job => (job.Arm, job.Fold)).ToList();
            var tried = own.SelectMany(job => attempts[job.Id]).ToList();
            return new SweepOverview(
                sweep.Name,
                SweepSnapshot.StateOf(own, sweep.Wanted),
                own.Select(job => job.Arm).Distinct().Count(),
                folds.Count,
                folds.Count(fold => fold.All(job => job.State == JobState.Done)),
                folds.Count(fold => fold.Any(job => job.State == JobState.Failed)),
                folds.Count(fold => fold.Any(job => job.State == JobState.Running)),
                tried.Count == 0 ? null : tried.Min(attempt => attempt.Started),
                tried.Any(attempt => attempt.Ended is null) ? null : tried.Max(attempt => attempt.Ended),
                tried.Sum(attempt => (attempt.Ended ?? now) - attempt.Started),
                own.Where(job => job.State == JobState.Done).Aggregate(0, (hash, job) => HashCode.Combine(hash, job.Id, job.Attempt)))
            {
                Terms = new SweepTerms { Owner = sweep.Owner, Priority = sweep.Priority, Weight = sweep.Weight, KeepWeights = sweep.KeepWeights },
                Submitted = sweep.Submitted,
            };
        });
    }

    public static string Mark(JobContext db, string? sweep)
    {
        var sweeps = db.Sweeps.AsNoTracking().Where(row => sweep == null || row.Name == sweep);
        var named = sweeps.GroupBy(_ => 1).Select(all => new { Count = all.Count(), Wanted = all.Count(row => row.Wanted), Letters = all.Sum(row => row.Definition.Length) }).FirstOrDefault();
        var ids = db.SweepJobs.Where(link => sweeps.Any(row => row.Id == link.SweepId)).Select(link => link.JobId);
        var states = db.Jobs.AsNoTracking().Where(job => sweep == null || ids.Contains(job.Id)).GroupBy(job => job.State)
            .Select(state => new { state.Key, Count = state.Count(), Attempts = state.Sum(job => job.Attempt), Steps = state.Sum(job => job.Step), Epochs = state.Sum(job => job.Epoch), Faults = state.Sum(job => job.Faults) })
            .AsEnumerable().OrderBy(state => state.Key);
        return string.Join(' ', states.Select(state => state.ToString()).Prepend(named?.ToString()));
    }
}
