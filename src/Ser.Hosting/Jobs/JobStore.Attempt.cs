using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Hosting.Jobs.Rows;

namespace Ser.Hosting.Jobs;

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
        db.Jobs.Expecting(JobTransitions.Checkpoint, lease.JobId, lease.Attempt)
            .Make(JobTransitions.Checkpoint, change => change.SetProperty(job => job.Checkpoint, key).SetProperty(job => job.Losses, 0)) == 1);

    /// <inheritdoc/>
    public string? CheckpointOf(string jobId) => database.Ask(db => db.Jobs.Where(job => job.Id == jobId).Select(job => job.Checkpoint).SingleOrDefault());

    /// <inheritdoc/>
    public bool Fault(Lease lease, string error, string log) => database.Write(db => Charge(db, lease.JobId, lease.Attempt, error, log));

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

    private static bool Charge(JobContext db, string jobId, int attempt, string error, string? log)
    {
        int faults = db.Jobs.Where(job => job.Id == jobId).Select(job => job.Faults).Single() + 1;
        var transition = faults < JobTransitions.MaxAttempts ? JobTransitions.Fault : JobTransitions.Fail;
        bool held = db.Jobs.Expecting(transition, jobId, attempt).Make(transition, change => change
            .SetProperty(job => job.Faults, faults)
            .SetProperty(job => job.Losses, 0)
            .SetProperty(job => job.Error, error)) == 1;
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
        }));
        db.SaveChanges();
    }
}
