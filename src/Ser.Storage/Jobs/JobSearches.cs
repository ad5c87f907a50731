using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>Searches for jobs in the database, so that only one page of them is transferred.</summary>
internal static class JobSearches
{
    public static JobPage FindPage(JobContext db, JobQuery query, int skip, int take)
    {
        var found = Matching(db, query);
        int total = found.Count();
        var lines = found.OrderByDescending(row => row.Sweep.Id).ThenBy(row => row.Link.Position).Skip(skip).Take(take).Select(row => new
        {
            row.Job,
            row.Sweep.Name,
            row.Link.Arm,
            row.Link.Fold,
            LeaseSeconds = row.Job.LeaseUntil - JobContext.Now(),
            Last = db.Attempts.FirstOrDefault(attempt => attempt.JobId == row.Job.Id && attempt.Attempt == row.Job.Attempt),
        });
        return new JobPage(total, lines.AsNoTracking().ToList().ConvertAll(row => new JobLine(
            row.Job.Id,
            row.Name,
            row.Arm,
            row.Fold,
            row.Job.Stage,
            row.Job.State,
            row.Job.Attempt,
            row.Job.Faults,
            row.Job.Worker ?? row.Last?.Worker,
            row.Job.Error,
            row.Job.Epoch,
            row.Job.Epochs,
            row.Job.State == JobState.Running ? row.LeaseSeconds : null,
            row.Last?.Started,
            row.Last?.Ended)));
    }

    private static IQueryable<SweepEntry> Matching(JobContext db, JobQuery query)
    {
        var found = from link in db.SweepJobs
                    join job in db.Jobs on link.JobId equals job.Id
                    join sweep in db.Sweeps on link.SweepId equals sweep.Id
                    select new SweepEntry { Link = link, Job = job, Sweep = sweep };
        found = query.State is { } state ? found.Where(row => row.Job.State == state) : found;
        found = query.Stage is { } stage ? found.Where(row => row.Job.Stage == stage) : found;
        found = query.Sweep is { } name ? found.Where(row => row.Sweep.Name == name) : found;
        found = query.Worker is { } worker
            ? found.Where(row => db.Attempts.Any(attempt => attempt.JobId == row.Job.Id && attempt.Worker == worker))
            : found;
        foreach (string given in (query.Words ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string word = given.ToLowerInvariant();
            var all = Enum.GetValues<JobState>();
            JobState[] states = [.. all.Where(value => value.ToString().StartsWith(word, StringComparison.OrdinalIgnoreCase))];
            found = found.Where(row => states.Contains(row.Job.State)
                || row.Job.Id.StartsWith(word)
                || (row.Sweep.Name + " " + row.Link.Arm + " " + row.Job.Title + " " + row.Job.Stage + " " + (row.Job.Error ?? ""))
                    .ToLower().Contains(word)
                || db.Attempts.Any(attempt => attempt.JobId == row.Job.Id && attempt.Worker.ToLower().Contains(word)));
        }

        return found;
    }

    private sealed class SweepEntry
    {
        public required SweepJobRow Link { get; init; }

        public required JobRow Job { get; init; }

        public required SweepRow Sweep { get; init; }
    }
}
