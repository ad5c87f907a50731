using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;

namespace Ser.Storage.Jobs;

/// <summary>What attempts and jobs of one stage of a sweep come to.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="Times">Times of the stage.</param>
/// <param name="Seconds">Seconds of all its attempts.</param>
/// <param name="Tried">Its attempts.</param>
/// <param name="Ended">Of these, those that have ended.</param>
/// <param name="Started">When the first began.</param>
/// <param name="LastEnded">When the last ended.</param>
internal sealed record StageSpending(int SweepId, StageTimes Times, double Seconds, int Tried, int Ended, double? Started, double? LastEnded);

/// <summary>What sweeps have taken and what is to come, counted by the database.</summary>
internal static class Spending
{
    /// <summary>By sweep, of one or (null) of all.</summary>
    public static ILookup<int, StageSpending> Of(JobContext db, int? sweepId)
    {
        var places = db.SweepJobs.AsNoTracking().Where(link => sweepId == null || link.SweepId == sweepId);
        var tried = (from link in places
                     join job in db.Jobs on link.JobId equals job.Id
                     join attempt in db.Attempts on link.JobId equals attempt.JobId
                     group new { attempt.Started, attempt.Ended, IsResult = job.State == JobState.Done && attempt.Attempt == job.AcceptedAttempt } by new { link.SweepId, job.Stage } into stage
                     select new
                     {
                         stage.Key.SweepId,
                         stage.Key.Stage,
                         Started = stage.Min(attempt => attempt.Started),
                         LastEnded = stage.Max(attempt => attempt.Ended),
                         Tried = stage.Count(),
                         Ended = stage.Count(attempt => attempt.Ended != null),
                         Seconds = stage.Sum(attempt => (attempt.Ended ?? JobContext.Clock()) - attempt.Started),
                         Done = stage.Count(attempt => attempt.IsResult),
                         DoneSeconds = stage.Sum(attempt => attempt.IsResult ? (attempt.Ended ?? attempt.Started) - attempt.Started : 0),
                     }).ToDictionary(row => (row.SweepId, row.Stage));
        JobState[] states = [JobState.Waiting, JobState.Ready, JobState.Running];
        var open = (from link in places
                    join job in db.Jobs on link.JobId equals job.Id
                    where states.Contains(job.State)
                    group new { job.State, job.Epoch, job.Epochs } by new { link.SweepId, job.Stage } into stage
                    select new
                    {
                        stage.Key.SweepId,
                        stage.Key.Stage,
                        Count = stage.Count(),
                        Running = stage.Count(job => job.State == JobState.Running),
                        Trained = stage.Sum(job => job.State == JobState.Running && job.Epochs > 0 ? (double)job.Epoch / job.Epochs : 0),
                    }).ToDictionary(row => (row.SweepId, row.Stage));
        return tried.Keys.Union(open.Keys).Order().Select(key =>
        {
            var (was, comes) = (tried.GetValueOrDefault(key), open.GetValueOrDefault(key));
            var times = new StageTimes(key.Stage, was?.Done ?? 0, was?.DoneSeconds ?? 0, comes?.Count ?? 0, comes?.Trained ?? 0, comes?.Running ?? 0);
            return new StageSpending(key.SweepId, times, was?.Seconds ?? 0, was?.Tried ?? 0, was?.Ended ?? 0, was?.Started, was?.LastEnded);
        }).ToLookup(stage => stage.SweepId);
    }

    /// <summary>Of one sweep.</summary>
    public static SweepTimes Times(IEnumerable<StageSpending> stages) => new(stages.Sum(stage => stage.Seconds), [.. stages.Select(stage => stage.Times)]);
}
