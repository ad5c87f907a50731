using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

internal sealed partial class JobStore
{
    /// <inheritdoc/>
    public bool Renew(Lease lease, StageProgress? progress, IReadOnlyList<EpochPoint> points) => database.Write(db =>
    {
        double length = leases.Length;
        bool held = db.Jobs.Expecting(JobTransitions.Renew, lease.JobId, lease.Attempt).Make(JobTransitions.Renew, change =>
        {
            change.SetProperty(job => job.LeaseUntil, _ => JobContext.Clock() + length);
            if (progress is not null)
            {
                change.SetProperty(job => job.Step, progress.Step)
                    .SetProperty(job => job.Epoch, progress.Epoch)
                    .SetProperty(job => job.Epochs, progress.Epochs)
                    .SetProperty(job => job.Loss, progress.Loss)
                    .SetProperty(job => job.StepsPerSecond, progress.StepsPerSecond);
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
        db.Jobs.Expecting(JobTransitions.Checkpoint, lease.JobId, lease.Attempt).Make(JobTransitions.Checkpoint, change => change
            .SetProperty(job => job.Checkpoint, key)
            .SetProperty(job => job.Losses, 0)
            .SetProperty(job => job.PutOffs, 0)) == 1);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> CheckpointsOf(IReadOnlyCollection<string> jobIds) => database.Ask(db => db.Jobs
        .Where(job => jobIds.Contains(job.Id) && job.Checkpoint != null)
        .Select(job => new { job.Id, job.Checkpoint })
        .ToDictionary(job => job.Id, job => job.Checkpoint!));

    /// <inheritdoc/>
    public bool Fault(Lease lease, string error, string log) => database.Write(db =>
        Charge(db, lease.JobId, lease.Attempt, error, log));

    /// <inheritdoc/>
    public bool HandBack(Lease lease, string why, string log) => database.Write(db =>
    {
        bool held = db.Jobs.Expecting(JobTransitions.HandBack, lease.JobId, lease.Attempt).Make(JobTransitions.HandBack) == 1;
        if (held)
        {
            End(db, [lease.JobId], lease.Attempt, AttemptOutcome.HandedBack, why, log);
        }

        return held;
    });

    /// <inheritdoc/>
    public bool PutOff(Lease lease, string why, string log) => database.Write(db =>
    {
        int before = db.Jobs.Where(job => job.Id == lease.JobId).Select(job => job.PutOffs).Single();
        if (before + 1 >= JobTransitions.PutOffsPerFault)
        {
            string error = $"{why}, {JobTransitions.PutOffsPerFault} times in a row without a new checkpoint";
            return Charge(db, lease.JobId, lease.Attempt, error, log);
        }

        double pause = JobTransitions.Pause(before);
        bool held = db.Jobs.Expecting(JobTransitions.PutOff, lease.JobId, lease.Attempt).Make(JobTransitions.PutOff, change => change
            .SetProperty(job => job.NotBefore, _ => JobContext.Clock() + pause)
            .SetProperty(job => job.PutOffs, before + 1)
            .SetProperty(job => job.Error, why)) == 1;
        if (held)
        {
            End(db, [lease.JobId], lease.Attempt, AttemptOutcome.PutOff, why, log);
        }

        return held;
    });

    /// <inheritdoc/>
    public void Log(Lease lease, string lines) => database.Ask(db => db.Attempts
        .Where(row => row.JobId == lease.JobId && row.Attempt == lease.Attempt && row.Outcome == AttemptOutcome.Running)
        .ExecuteUpdate(change => change.SetProperty(row => row.Log, lines)));

    private static bool Charge(JobContext db, string jobId, int attempt, string error, string? log)
    {
        var job = db.Jobs.Where(row => row.Id == jobId).Select(row => new { row.Faults, row.MaxAttempts, row.Worker }).Single();
        int faults = job.Faults + 1;
        var transition = faults < job.MaxAttempts ? JobTransitions.Fault : JobTransitions.Fail;
        string? worker = job.Worker is null ? null : new ClaimRequest(job.Worker, []).WorkerName;
        bool held = db.Jobs.Expecting(transition, jobId, attempt).Make(transition, change => change
            .SetProperty(row => row.Faults, faults)
            .SetProperty(row => row.Losses, 0)
            .SetProperty(row => row.PutOffs, 0)
            .SetProperty(row => row.FaultedOn, worker)
            .SetProperty(row => row.FaultedAt, _ => JobContext.Clock())
            .SetProperty(row => row.Error, error)) == 1;
        if (held)
        {
            End(db, [jobId], attempt, AttemptOutcome.Faulted, error, log);
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
