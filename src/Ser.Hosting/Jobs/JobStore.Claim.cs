using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Hosting.Jobs.Rows;

namespace Ser.Hosting.Jobs;

internal sealed partial class JobStore
{
    /// <inheritdoc/>
    public ClaimedJob? Claim(ClaimRequest request)
    {
        // Idle workers ask often; only when there is something is the write lock worth taking.
        bool any = SqliteDatabase.Guarded(file, () =>
        {
            using var db = contexts.CreateDbContext();
            return Claimables.BestFirst(db, request.Stages, request.Sweep).Any();
        });
        return !any ? null : InTransaction(db =>
        {
            Pulse(db);
            while (Claimables.BestFirst(db, request.Stages, request.Sweep).FirstOrDefault() is { } job)
            {
                bool expired = job.State == JobState.Running;
                if (expired && !CountLoss(db, job, JobTransitions.Reclaim, "the lease ran out"))
                {
                    continue;
                }

                if (Take(db, job, expired ? JobTransitions.Reclaim : JobTransitions.Claim, request.Worker))
                {
                    return Claimed(db, job, request.Worker);
                }
            }

            return null;
        });
    }

    /// <inheritdoc/>
    public int EndLeases(string why) => InTransaction(db =>
    {
        var running = db.Jobs.AsNoTracking().Where(job => job.State == JobState.Running).ToList();
        foreach (var job in running)
        {
            if (CountLoss(db, job, JobTransitions.Lose, why))
            {
                db.Jobs.Expecting(JobTransitions.Lose, job.Id, job.Attempt).Make(JobTransitions.Lose);
            }
        }

        return running.Count;
    });

    // False when the loss was the one too many and the job has failed.
    private static bool CountLoss(JobContext db, JobRow job, JobTransition transition, string why)
    {
        // A published result is still looked at, so its attempt is not lost.
        db.Attempts.Where(row => row.JobId == job.Id && row.Attempt == job.Attempt && row.Outcome == AttemptOutcome.Running).ExecuteUpdate(change => change
            .SetProperty(row => row.Outcome, AttemptOutcome.Lost)
            .SetProperty(row => row.Ended, _ => JobContext.Clock())
            .SetProperty(row => row.Why, why));
        var (faults, losses) = JobTransitions.AfterLoss(job.Faults, job.Losses);
        if (faults > job.Faults && faults >= JobTransitions.MaxAttempts)
        {
            db.Jobs.Expecting(JobTransitions.Fail, job.Id, job.Attempt).Make(JobTransitions.Fail, change => change
                .SetProperty(row => row.Faults, faults)
                .SetProperty(row => row.Error, $"{why}, {JobTransitions.LossesPerFault} times in a row without a new checkpoint"));
            return false;
        }

        return db.Jobs.Expecting(transition, job.Id, job.Attempt)
            .ExecuteUpdate(change => change.SetProperty(row => row.Faults, faults).SetProperty(row => row.Losses, losses).SetProperty(row => row.Error, why)) == 1;
    }

    private bool Take(JobContext db, JobRow job, JobTransition transition, string worker)
    {
        int attempt = job.Attempt + 1;
        double length = leases.Length;
        bool taken = db.Jobs.Expecting(transition, job.Id, job.Attempt).Make(transition, change => change
            .SetProperty(row => row.Attempt, attempt)
            .SetProperty(row => row.Worker, worker)
            .SetProperty(row => row.LeaseUntil, _ => JobContext.Clock() + length)
            .SetProperty(row => row.Step, 0)
            .SetProperty(row => row.Epoch, 0)
            .SetProperty(row => row.Loss, (double?)null)
            .SetProperty(row => row.StepsPerSecond, (double?)null));
        if (taken)
        {
            db.Attempts.Add(new AttemptRow { JobId = job.Id, Attempt = attempt, Worker = worker, Started = Now(db), Outcome = AttemptOutcome.Running });
            db.SaveChanges();
        }

        return taken;
    }

    private static ClaimedJob Claimed(JobContext db, JobRow job, string worker)
    {
        var parents = (from link in db.Parents
                       join parent in db.Jobs on link.ParentId equals parent.Id
                       where link.JobId == job.Id
                       orderby link.Position
                       select new AcceptedResult(parent.Id, parent.Stage, parent.AcceptedAttempt!.Value, parent.ManifestDigest!)).ToList();
        return new ClaimedJob(new Lease(job.Id, job.Attempt + 1, worker), job.Stage, job.Title, (JsonObject)JsonNode.Parse(job.Spec)!, parents);
    }
}
