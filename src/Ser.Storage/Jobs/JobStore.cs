using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Databases;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>The job store on a database. Statements are guarded by the table of transitions; see <see cref="IJobStore"/> for each verb.</summary>
internal sealed partial class JobStore(JobDatabase database, LeaseSettings leases) : IJobStore
{
    /// <summary>The pulse is written at most this often within a gap: whoever only looks waits for nobody.</summary>
    private const int BeatsPerGap = 8;

    private long _lastPulse;

    /// <inheritdoc/>
    public void Pulse() => database.Write(db =>
    {
        Volatile.Write(ref _lastPulse, Stopwatch.GetTimestamp());

        // While nobody pulsed, nobody could renew either: whoever holds a lease gets its full length to come back.
        if (Beat(db, leases.PulseGap))
        {
            double length = leases.Length;
            var running = db.Jobs.Where(job => job.State == JobState.Running).Select(job => job.Id).ToList();
            database.Lock(db, running);
            db.Jobs.Where(job => running.Contains(job.Id) && job.State == JobState.Running)
                .ExecuteUpdate(change => change.SetProperty(job => job.LeaseUntil, _ => JobContext.Clock() + length));
            return true;
        }

        return Beat(db, leases.PulseGap / BeatsPerGap);
    });

    /// <inheritdoc/>
    public void Record(AuditEntry entry) => database.Ask(db => AuditTable.Add(db, entry));

    /// <inheritdoc/>
    public void Ask(RunnerRequest request) => database.Write(db =>
    {
        db.Requests.Add(new RequestRow { Kind = request.Kind, Target = request.Target });
        return db.SaveChanges();
    });

    /// <inheritdoc/>
    public IReadOnlyList<RunnerRequest> TakeRequests()
    {
        // Looked at first without a transaction: a runner asks twice a second, and nearly always there is nothing.
        return !database.Ask(db => db.Requests.Any()) ? [] : database.Write(db =>
        {
            database.LockPlans(db);
            var rows = db.Requests.AsNoTracking().OrderBy(row => row.Id).ToList();
            var taken = rows.ConvertAll(row => row.Id);
            db.Requests.Where(row => taken.Contains(row.Id)).ExecuteDelete();
            return rows.ConvertAll(row => new RunnerRequest(row.Kind, row.Target));
        });
    }

    private void PulseIfDue()
    {
        long last = Volatile.Read(ref _lastPulse);
        if (last == 0 || Stopwatch.GetElapsedTime(last).TotalSeconds > leases.PulseGap / BeatsPerGap)
        {
            Pulse();
        }
    }

    // Of those who find the last pulse that old, one writes the next.
    private static bool Beat(JobContext db, double age) => db.Pulses.Where(pulse => JobContext.Clock() - pulse.At > age)
        .ExecuteUpdate(change => change.SetProperty(pulse => pulse.At, _ => JobContext.Clock())) == 1;

    private static void End(JobContext db, IReadOnlyCollection<string> jobIds, int attempt, AttemptOutcome outcome, string? why, string? log = null)
    {
        var open = db.Attempts.Where(row => jobIds.Contains(row.JobId) && row.Attempt == attempt
            && (row.Outcome == AttemptOutcome.Running || row.Outcome == AttemptOutcome.Offered));
        open.ExecuteUpdate(change => change
            .SetProperty(row => row.Outcome, outcome)
            .SetProperty(row => row.Ended, _ => JobContext.Clock())
            .SetProperty(row => row.Why, why)
            .SetProperty(row => row.Log, row => log ?? row.Log));
    }

    // A published result is still looked at, so its attempt does not end here.
    private static void EndRunning(JobContext db, IReadOnlyCollection<string> jobIds, AttemptOutcome outcome, string why) => db.Attempts
        .Where(row => jobIds.Contains(row.JobId) && row.Outcome == AttemptOutcome.Running)
        .ExecuteUpdate(change => change
            .SetProperty(row => row.Outcome, outcome)
            .SetProperty(row => row.Ended, _ => JobContext.Clock())
            .SetProperty(row => row.Why, why));

    // Of these jobs those whose parents are all done. Locked before parents are looked at: of two that finish together the later one sees both.
    private void Release(JobContext db, IQueryable<JobRow> jobs)
    {
        var from = JobTransitions.Release.From;
        var waiting = jobs.Where(job => from.Contains(job.State)).Select(job => job.Id).ToList();
        if (waiting.Count > 0)
        {
            database.Lock(db, waiting);
            db.Jobs.Expecting(JobTransitions.Release, waiting)
                .Where(job => !db.Parents.Any(link => link.JobId == job.Id && db.Jobs.Any(parent => parent.Id == link.ParentId && parent.State != JobState.Done)))
                .Make(JobTransitions.Release);
        }
    }

    // Jobs that were seen under a lock are still there; if one is not, nothing of the transaction may stay.
    private static void Guarded(int seen, int changed)
    {
        if (changed != seen)
        {
            throw new InvalidOperationException($"Of {seen} locked jobs {seen - changed} were changed by somebody else.");
        }
    }

    private InputException NoSuchSweep(JobContext db, string name) =>
        SweepNames.Unknown(name, [.. db.Sweeps.OrderBy(sweep => sweep.Id).Select(sweep => sweep.Name)], database.Name);
}
