using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Databases;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>
/// The job store on a database: one implementation of all ports, of which <see cref="JobPorts"/> hands out each. Statements are guarded by
/// <see cref="JobTransitions"/>.
/// </summary>
internal sealed partial class JobStore(JobDatabase database, LeaseSettings leases)
    : IJobLeases,
    ISweepCommands,
    IParkedJobs,
    IResultAcceptance,
    ILeaseSupervision,
    IRunnerRequests,
    ISweepSchedules,
    IAuditLog,
    ISweepNotifications
{
    /// <summary>The pulse is written at most this often within a gap, so that frequent claims seldom have to write it.</summary>
    private const int PulsesPerGap = 8;

    private long _lastPulse;

    /// <inheritdoc/>
    public void RecordHeartbeat() => database.Write(db =>
    {
        Volatile.Write(ref _lastPulse, Stopwatch.GetTimestamp());

        // While no process could write a pulse, no worker could renew a lease either: every lease starts again with its full length. The
        // same holds after a step of the database's clock; after one back, leases and pauses would end later by the whole step.
        if (WritePulse(db, leases.PulseGapSeconds))
        {
            double length = leases.Seconds;
            var running = db.Jobs.Where(job => job.State == JobState.Running).Select(job => job.Id).ToList();
            database.LockJobs(db, running);
            db.Jobs.Where(job => running.Contains(job.Id) && job.State == JobState.Running)
                .ExecuteUpdate(change => change.SetProperty(job => job.LeaseUntil, _ => JobContext.Now() + length));
            db.Jobs.Where(job => job.State == JobState.Ready && job.NotBefore > JobContext.Now() + JobTransitions.MaxSnoozeSeconds)
                .ExecuteUpdate(change => change.SetProperty(job => job.NotBefore, (double?)null));
            return true;
        }

        return WritePulse(db, leases.PulseGapSeconds / PulsesPerGap);
    });

    /// <inheritdoc/>
    public void RecordAudit(AuditEntry entry) => database.Query(db => AuditTable.Add(db, entry));

    /// <inheritdoc/>
    public void AddRequest(RunnerRequest request) => database.Write(db =>
    {
        db.Requests.Add(new RequestRow { Kind = request.Kind, Target = request.Target });
        return db.SaveChanges();
    });

    /// <inheritdoc/>
    public IReadOnlyList<RunnerRequest> TakeRequests()
    {
        // Checked without a transaction first: a runner polls twice a second, and there is nearly always nothing.
        return !database.Query(db => db.Requests.Any()) ? [] : database.Write(db =>
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
        if (last == 0 || Stopwatch.GetElapsedTime(last).TotalSeconds > leases.PulseGapSeconds / PulsesPerGap)
        {
            RecordHeartbeat();
        }
    }

    // When several processes find the last pulse older than this, only one of them writes the next.
    private static bool WritePulse(JobContext db, double age) => db.Pulses
        .Where(pulse => JobContext.Now() - pulse.At > age || pulse.At - JobContext.Now() > age)
        .ExecuteUpdate(change => change.SetProperty(pulse => pulse.At, _ => JobContext.Now())) == 1;

    private static void End(
        JobContext db,
        IReadOnlyCollection<string> jobIds,
        int attempt,
        AttemptOutcome outcome,
        string? why,
        string? log = null)
    {
        var open = db.Attempts.Where(row => jobIds.Contains(row.JobId) && row.Attempt == attempt
            && (row.Outcome == AttemptOutcome.Running || row.Outcome == AttemptOutcome.Completed));
        open.ExecuteUpdate(change => change
            .SetProperty(row => row.Outcome, outcome)
            .SetProperty(row => row.Ended, _ => JobContext.Now())
            .SetProperty(row => row.Why, why)
            .SetProperty(row => row.Log, row => log ?? row.Log));
    }

    // Attempts with a published result are not ended here, because the result may still be accepted.
    private static void EndRunning(JobContext db, IReadOnlyCollection<string> jobIds, AttemptOutcome outcome, string why) => db.Attempts
        .Where(row => jobIds.Contains(row.JobId) && row.Outcome == AttemptOutcome.Running)
        .ExecuteUpdate(change => change
            .SetProperty(row => row.Outcome, outcome)
            .SetProperty(row => row.Ended, _ => JobContext.Now())
            .SetProperty(row => row.Why, why));

    // Makes those of the jobs ready whose parents are all done. They are locked before their parents are read, so that of two parents that
    // finish at the same time the later one sees both.
    private void Unblock(JobContext db, IQueryable<JobRow> jobs)
    {
        var from = JobTransitions.Unblock.From;
        var waiting = jobs.Where(job => from.Contains(job.State)).Select(job => job.Id).ToList();
        if (waiting.Count > 0)
        {
            database.LockJobs(db, waiting);
            db.Jobs.WhereAllowed(JobTransitions.Unblock, waiting)
                .Where(job => !db.Parents.Any(link => link.JobId == job.Id
                    && db.Jobs.Any(parent => parent.Id == link.ParentId && parent.State != JobState.Done)))
                .Transition(JobTransitions.Unblock);
        }
    }

    // Locked jobs cannot be changed by other transactions; if one was nevertheless, the exception rolls the whole transaction back.
    private static void ExpectCount(int expected, int changed)
    {
        if (changed != expected)
        {
            throw new InvalidOperationException($"Of {expected} locked jobs {expected - changed} were changed by another transaction.");
        }
    }

    private InputException NoSuchSweep(JobContext db, string name) =>
        UnknownSweep.Create(name, [.. db.Sweeps.OrderBy(sweep => sweep.Id).Select(sweep => sweep.Name)], database.Name);
}
