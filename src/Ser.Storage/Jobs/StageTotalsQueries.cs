using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;

namespace Ser.Storage.Jobs;

/// <summary>Totals over the attempts and jobs of one stage of a sweep.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="Times">Times of the stage, for estimates.</param>
/// <param name="Seconds">Total seconds of all its attempts.</param>
/// <param name="Attempts">Number of its attempts.</param>
/// <param name="Ended">Number of attempts that have ended.</param>
/// <param name="Started">When the first attempt began.</param>
/// <param name="LastEnded">When the last attempt ended.</param>
internal sealed record StageTotals(
    int SweepId,
    StageTimes Times,
    double Seconds,
    int Attempts,
    int Ended,
    double? Started,
    double? LastEnded);

/// <summary>Time spent on sweeps and work that remains, aggregated by the database.</summary>
internal static class StageTotalsQueries
{
    /// <summary>Totals per stage, by sweep, of one sweep or (null) of all.</summary>
    public static ILookup<int, StageTotals> Read(JobContext db, int? sweepId)
    {
        var links = db.SweepJobs.AsNoTracking().Where(link => sweepId == null || link.SweepId == sweepId);
        var tried = (from link in links
                     join job in db.Jobs on link.JobId equals job.Id
                     join attempt in db.Attempts on link.JobId equals attempt.JobId
                     group new
                     {
                         attempt.Started,
                         attempt.Ended,
                         IsResult = job.State == JobState.Done && attempt.Attempt == job.AcceptedAttempt,
                     } by new { link.SweepId, job.Stage } into stage
                     select new
                     {
                         stage.Key.SweepId,
                         stage.Key.Stage,
                         Started = stage.Min(attempt => attempt.Started),
                         LastEnded = stage.Max(attempt => attempt.Ended),
                         Tried = stage.Count(),
                         Ended = stage.Count(attempt => attempt.Ended != null),
                         Seconds = stage.Sum(attempt => (attempt.Ended ?? JobContext.Now()) - attempt.Started),
                         Done = stage.Count(attempt => attempt.IsResult),
                         DoneSeconds = stage.Sum(attempt => attempt.IsResult ? (attempt.Ended ?? attempt.Started) - attempt.Started : 0),
                     }).ToDictionary(row => (row.SweepId, row.Stage));
        JobState[] states = [JobState.Waiting, JobState.Ready, JobState.Running];
        var open = (from link in links
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
            var past = tried.GetValueOrDefault(key);
            var remaining = open.GetValueOrDefault(key);
            var times = new StageTimes(
                key.Stage,
                past?.Done ?? 0,
                past?.DoneSeconds ?? 0,
                remaining?.Count ?? 0,
                remaining?.Trained ?? 0,
                remaining?.Running ?? 0);
            return new StageTotals(
                key.SweepId,
                times,
                past?.Seconds ?? 0,
                past?.Tried ?? 0,
                past?.Ended ?? 0,
                past?.Started,
                past?.LastEnded);
        }).ToLookup(stage => stage.SweepId);
    }

    /// <summary>Totals of one sweep.</summary>
    public static SweepTimes Sum(IEnumerable<StageTotals> stages) =>
        new(stages.Sum(stage => stage.Seconds), [.. stages.Select(stage => stage.Times)]);
}
