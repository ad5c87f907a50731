using Microsoft.EntityFrameworkCore;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Hosting.Jobs.Rows;

namespace Ser.Hosting.Jobs;

/// <summary>The job store on a database. Statements are guarded by the table of transitions; see <see cref="IJobStore"/> for each verb.</summary>
internal sealed partial class JobStore(IDbContextFactory<JobContext> contexts, string file, LeaseSettings leases) : IJobStore
{
    /// <inheritdoc/>
    public void Pulse() => InTransaction(db =>
    {
        Pulse(db);
        return 0;
    });

    /// <inheritdoc/>
    public void Ask(RunnerRequest request) => InTransaction(db =>
    {
        db.Requests.Add(new RequestRow { Kind = request.Kind, Target = request.Target });
        return db.SaveChanges();
    });

    /// <inheritdoc/>
    public IReadOnlyList<RunnerRequest> TakeRequests()
    {
        // Looked at first without a transaction: a runner asks twice a second, and nearly always there is nothing.
        bool any = SqliteDatabase.Guarded(file, () =>
        {
            using var db = contexts.CreateDbContext();
            return db.Requests.Any();
        });
        return !any ? [] : InTransaction(db =>
        {
            var rows = db.Requests.AsNoTracking().OrderBy(row => row.Id).ToList();
            int last = rows[^1].Id;
            db.Requests.Where(row => row.Id <= last).ExecuteDelete();
            return rows.ConvertAll(row => new RunnerRequest(row.Kind, row.Target));
        });
    }

    // While nobody pulsed, nobody could renew either: whoever holds a lease gets its full length to come back.
    private void Pulse(JobContext db)
    {
        double gap = leases.PulseGap;
        double length = leases.Length;
        if (db.Pulses.Any(pulse => JobContext.Clock() - pulse.At > gap))
        {
            db.Jobs.Where(job => job.State == JobState.Running).ExecuteUpdate(change => change.SetProperty(job => job.LeaseUntil, _ => JobContext.Clock() + length));
        }

        if (db.Pulses.ExecuteUpdate(change => change.SetProperty(pulse => pulse.At, _ => JobContext.Clock())) == 0)
        {
            db.Pulses.Add(new PulseRow { Id = 1, At = Now(db) });
            db.SaveChanges();
        }
    }

    private static double Now(JobContext db) => db.Database.SqlQuery<double>($"SELECT unixepoch('subsec') AS Value").Single();

    private static void End(JobContext db, string jobId, int attempt, AttemptOutcome outcome, string? why, string? log = null)
    {
        var open = db.Attempts.Where(row => row.JobId == jobId && row.Attempt == attempt
            && (row.Outcome == AttemptOutcome.Running || row.Outcome == AttemptOutcome.Offered));
        open.ExecuteUpdate(change => change
            .SetProperty(row => row.Outcome, outcome)
            .SetProperty(row => row.Ended, _ => JobContext.Clock())
            .SetProperty(row => row.Why, why)
            .SetProperty(row => row.Log, row => log ?? row.Log));
    }

    private static void Release(JobContext db)
    {
        var from = JobTransitions.Release.From;
        var to = JobTransitions.Release.To;
        db.Jobs
            .Where(job => from.Contains(job.State)
                && !db.Parents.Any(link => link.JobId == job.Id && db.Jobs.Any(parent => parent.Id == link.ParentId && parent.State != JobState.Done)))
            .ExecuteUpdate(change => change.SetProperty(job => job.State, to));
    }

    // SQLite: BEGIN IMMEDIATE, so what is read here cannot change before it is written.
    private T InTransaction<T>(Func<JobContext, T> work) => SqliteDatabase.Guarded(file, () =>
    {
        using var db = contexts.CreateDbContext();
        using var transaction = db.Database.BeginTransaction();
        T result = work(db);
        transaction.Commit();
        return result;
    });

    private InputException NoSuchSweep(JobContext db, string name) => SweepNames.Unknown(name, [.. db.Sweeps.OrderBy(sweep => sweep.Id).Select(sweep => sweep.Name)], file);
}
