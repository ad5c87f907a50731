using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;

namespace Ser.Hosting.Jobs;

internal sealed partial class JobStore
{
    /// <inheritdoc/>
    public void Offer(Lease lease, string manifestDigest) => InTransaction(db => db.Attempts
        .Where(row => row.JobId == lease.JobId && row.Attempt == lease.Attempt && row.Worker == lease.Worker && row.ManifestDigest == null)
        .ExecuteUpdate(change => change
            .SetProperty(row => row.Outcome, AttemptOutcome.Offered)
            .SetProperty(row => row.ManifestDigest, manifestDigest)));

    /// <inheritdoc/>
    public IReadOnlyList<OfferedResult> Offered() => SqliteDatabase.Guarded(file, () =>
    {
        using var db = contexts.CreateDbContext();
        return (from attempt in db.Attempts
                join job in db.Jobs on attempt.JobId equals job.Id
                where attempt.Outcome == AttemptOutcome.Offered
                orderby attempt.JobId, attempt.Attempt
                select new OfferedResult(job.Id, job.Stage, attempt.Attempt, attempt.ManifestDigest!)).ToList();
    });

    /// <inheritdoc/>
    public bool Accept(OfferedResult result) => InTransaction(db =>
    {
        int last = db.Jobs.Where(job => job.Id == result.JobId).Select(job => job.Attempt).Single();
        bool accepted = db.Jobs.Expecting(JobTransitions.Accept, result.JobId).Make(JobTransitions.Accept, change => change
            .SetProperty(job => job.AcceptedAttempt, result.Attempt)
            .SetProperty(job => job.ManifestDigest, result.ManifestDigest)
            .SetProperty(job => job.Checkpoint, (string?)null)
            .SetProperty(job => job.Error, (string?)null));
        End(db, result.JobId, result.Attempt, accepted ? AttemptOutcome.Accepted : AttemptOutcome.Superseded, accepted ? null : "another attempt's result was accepted first");
        if (accepted)
        {
            if (last != result.Attempt)
            {
                // Only while it runs: what it has offered is looked at in its turn.
                db.Attempts.Where(row => row.JobId == result.JobId && row.Attempt == last && row.Outcome == AttemptOutcome.Running).ExecuteUpdate(change => change
                    .SetProperty(row => row.Outcome, AttemptOutcome.Superseded)
                    .SetProperty(row => row.Ended, _ => JobContext.Clock())
                    .SetProperty(row => row.Why, "another attempt's result was accepted first"));
            }

            Release(db);
        }

        return accepted;
    });

    /// <inheritdoc/>
    public bool Discard(AcceptedResult result) => InTransaction(db =>
    {
        int last = db.Jobs.Where(job => job.Id == result.JobId).Select(job => job.Attempt).Single();
        bool discarded = db.Jobs.Expecting(JobTransitions.Discard, result.JobId, last).Where(job => job.AcceptedAttempt == result.Attempt).Make(JobTransitions.Discard, change => change
            .SetProperty(job => job.AcceptedAttempt, (int?)null)
            .SetProperty(job => job.ManifestDigest, (string?)null)
            .SetProperty(job => job.Faults, 0)
            .SetProperty(job => job.Losses, 0));
        if (discarded)
        {
            db.Attempts.Where(row => row.JobId == result.JobId && row.Attempt == result.Attempt).ExecuteUpdate(change => change
                .SetProperty(row => row.Outcome, AttemptOutcome.Lost)
                .SetProperty(row => row.Why, "its result was found damaged"));
            Release(db);
        }

        return discarded;
    });

    /// <inheritdoc/>
    public void Reject(OfferedResult result, string why) => InTransaction(db =>
    {
        if (!Charge(db, result.JobId, result.Attempt, why, null))
        {
            End(db, result.JobId, result.Attempt, AttemptOutcome.Faulted, why);
        }

        return 0;
    });
}
