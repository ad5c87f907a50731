using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

internal sealed partial class JobStore
{
    /// <inheritdoc/>
    public bool Renew(Lease lease, StageProgress? progress, IReadOnlyList<EpochPoint> points) => database.Write(db =>
    {
        double length = leases.Seconds;
        bool held = db.Jobs.WhereHeld(JobTransitions.Renew, lease).Transition(JobTransitions.Renew, change =>
        {
            change.SetProperty(job => job.LeaseUntil, _ => JobContext.Now() + length);
            if (progress is not null)
            {
                change.SetProperty(job => job.Step, progress.Step)
                    .SetProperty(job => job.Epoch, progress.Epoch)
                    .SetProperty(job => job.Epochs, progress.Epochs)
                    .SetProperty(job => job.Loss, progress.Loss)
                    .SetProperty(job => job.StepsPerSecond, progress.StepsPerSecond);
            }

            if (points.Count > 0)
            {
                change.RaiseVersion();
            }
            else if (progress is not null)
            {
                // The right side sees the values from before the statement.
                change.SetProperty(job => job.Version, job => job.Step == progress.Step
                    && job.Epoch == progress.Epoch
                    && job.Epochs == progress.Epochs
                    && job.Loss == progress.Loss
                    && job.StepsPerSecond == progress.StepsPerSecond ? job.Version : job.Version + 1);
            }
        }) == 1;
        if (held && points.Count > 0)
        {
            AddPoints(db, lease.JobId, points);
        }

        return held;
    });

    /// <inheritdoc/>
    public bool RecordCheckpoint(Lease lease, string key) => database.Write(db =>
        db.Jobs.WhereHeld(JobTransitions.Checkpoint, lease).Transition(JobTransitions.Checkpoint, change => change
            .SetProperty(job => job.Checkpoint, key)
            .SetProperty(job => job.LostLeases, 0)
            .SetProperty(job => job.Snoozes, 0)) == 1);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> LatestCheckpoints(IReadOnlyCollection<string> jobIds) => database.Query(db => db.Jobs
        .Where(job => jobIds.Contains(job.Id) && job.Checkpoint != null)
        .Select(job => new { job.Id, job.Checkpoint })
        .ToDictionary(job => job.Id, job => job.Checkpoint!));

    /// <inheritdoc/>
    public bool Fault(Lease lease, string error, string log) => database.Write(db =>
        Charge(db, lease, error, log));

    /// <inheritdoc/>
    public bool Release(Lease lease, string why, string log) => database.Write(db =>
    {
        bool held = db.Jobs.WhereHeld(JobTransitions.Release, lease).Transition(JobTransitions.Release) == 1;
        if (held)
        {
            End(db, [lease.JobId], lease.Attempt, AttemptOutcome.Released, why, log);
        }

        return held;
    });

    /// <inheritdoc/>
    public bool Snooze(Lease lease, string why, string log) => database.Write(db =>
    {
        int before = db.Jobs.Where(job => job.Id == lease.JobId).Select(job => job.Snoozes).Single();
        if (before + 1 >= JobTransitions.SnoozesPerFault)
        {
            string error = $"{why}, {JobTransitions.SnoozesPerFault} times in a row without a new checkpoint";
            return Charge(db, lease, error, log);
        }

        double pause = JobTransitions.SnoozeSeconds(before);
        var held = db.Jobs.WhereHeld(JobTransitions.Snooze, lease);
        bool isHeld = held.Transition(JobTransitions.Snooze, change => change
            .SetProperty(job => job.NotBefore, _ => JobContext.Now() + pause)
            .SetProperty(job => job.Snoozes, before + 1)
            .SetProperty(job => job.Error, why)) == 1;
        if (isHeld)
        {
            End(db, [lease.JobId], lease.Attempt, AttemptOutcome.Snoozed, why, log);
        }

        return isHeld;
    });

    /// <inheritdoc/>
    public void RecordLog(Lease lease, string lines) => database.Write(db =>
    {
        db.Jobs.Where(job => job.Id == lease.JobId && job.Attempt == lease.Attempt && job.Worker == lease.Worker).RaiseVersions();
        return db.Attempts
            .Where(row => row.JobId == lease.JobId && row.Attempt == lease.Attempt)
            .Where(row => row.Worker == lease.Worker && row.Outcome == AttemptOutcome.Running)
            .ExecuteUpdate(change => change.SetProperty(row => row.Log, lines));
    });

    private static bool Charge(JobContext db, Lease lease, string error, string log)
    {
        var job = db.Jobs.Where(row => row.Id == lease.JobId).Select(row => new { row.Faults, row.MaxAttempts }).Single();
        int faults = job.Faults + 1;
        var transition = faults < job.MaxAttempts ? JobTransitions.Fault : JobTransitions.Fail;
        string worker = SlotName.Parse(lease.Worker).Worker;
        bool held = db.Jobs.WhereHeld(transition, lease).Transition(transition, change => change
            .SetProperty(row => row.Faults, faults)
            .SetProperty(row => row.LostLeases, 0)
            .SetProperty(row => row.Snoozes, 0)
            .SetProperty(row => row.FaultedOn, worker)
            .SetProperty(row => row.FaultedAt, _ => JobContext.Now())
            .SetProperty(row => row.Error, error)) == 1;
        if (held)
        {
            End(db, [lease.JobId], lease.Attempt, AttemptOutcome.Faulted, error, log);
        }

        return held;
    }

    private static void AddPoints(JobContext db, string jobId, IReadOnlyList<EpochPoint> points)
    {
        var epochs = points.Select(point => point.Epoch).ToList();
        db.Points.Where(row => row.JobId == jobId && epochs.Contains(row.Epoch)).ExecuteDelete();
        db.Points.AddRange(points.DistinctBy(point => point.Epoch).Select(point => new PointRow
        {
            JobId = jobId,
            Epoch = point.Epoch,
            Loss = point.Loss,
            CrossEntropy = point.CrossEntropy,
            Contrastive = point.Contrastive,
            ValidationLoss = point.ValidationLoss,
            ValidationWa = point.ValidationWa,
            ValidationUa = point.ValidationUa,
            LearningRate = point.LearningRate,
            ResidentBytes = point.ResidentBytes,
            Right = point.Right.Count == 0 ? null : string.Join(' ', point.Right),
            Of = point.Of.Count == 0 ? null : string.Join(' ', point.Of),
        }));
        db.SaveChanges();
    }
}
