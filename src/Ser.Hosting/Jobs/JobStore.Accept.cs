using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;

namespace Ser.Hosting.Jobs;

internal sealed partial class JobStore
{
    private const string Overtaken = "another attempt's result was accepted first";

    /// <inheritdoc/>
    public void Offer(Lease lease, string manifestDigest) => database.Write(db => db.Attempts
        .Where(row => row.JobId == lease.JobId && row.Attempt == lease.Attempt && row.Worker == lease.Worker && row.ManifestDigest == null)
        .ExecuteUpdate(change => change
            .SetProperty(row => row.Outcome, AttemptOutcome.Offered)
            .SetProperty(row => row.ManifestDigest, manifestDigest)));

    /// <inheritdoc/>
    public IReadOnlyList<OfferedResult> Offered() => database.Ask(db =>
        (from attempt in db.Attempts
         join job in db.Jobs on attempt.JobId equals job.Id
         where attempt.Outcome == AttemptOutcome.Offered
         orderby attempt.JobId, attempt.Attempt
         select new OfferedResult(job.Id, job.Stage, attempt.Attempt, attempt.ManifestDigest!)).ToList());

    /// <inheritdoc/>
    public IReadOnlyList<OfferedResult> Accept(IReadOnlyList<OfferedResult> results) => database.Write(db =>
    {
        var ids = results.Select(result => result.JobId).Distinct().ToList();
        database.Lock(db, [.. ids.Union(ChildrenOf(db, ids))]);
        var states = db.Jobs.Where(job => ids.Contains(job.Id)).Select(job => new { job.Id, job.State }).ToDictionary(job => job.Id, job => job.State);
        var offered = OfferedOf(db, ids);
        var valid = results.Where(offered.Contains).Distinct().ToList();
        var accepted = valid.Where(result => JobTransitions.Accept.From.Contains(states[result.JobId])).DistinctBy(result => result.JobId).ToList();
        foreach (var alike in accepted.GroupBy(result => result.Attempt))
        {
            string[] these = [.. alike.Select(result => result.JobId)];
            int attempt = alike.Key;
            db.Jobs.Expecting(JobTransitions.Accept, these).Make(JobTransitions.Accept, change => change
                .SetProperty(job => job.AcceptedAttempt, attempt)
                .SetProperty(job => job.ManifestDigest, job => db.Attempts.Single(row => row.JobId == job.Id && row.Attempt == attempt).ManifestDigest)
                .SetProperty(job => job.Checkpoint, (string?)null)
                .SetProperty(job => job.Error, (string?)null));
            End(db, these, attempt, AttemptOutcome.Accepted, null);
            EndRunning(db, these, AttemptOutcome.Superseded, Overtaken);
        }

        foreach (var late in valid.Except(accepted))
        {
            End(db, [late.JobId], late.Attempt, AttemptOutcome.Superseded, Overtaken);
        }

        // Asked again: a submission may have added some before the lock.
        Release(db, ChildrenOf(db, [.. accepted.Select(result => result.JobId)]));
        return accepted;
    });

    /// <inheritdoc/>
    public bool Discard(AcceptedResult result) => database.Write(db =>
    {
        database.LockPlans(db);
        database.Lock(db, [result.JobId]);
        int last = db.Jobs.Where(job => job.Id == result.JobId).Select(job => job.Attempt).Single();
        bool discarded = db.Jobs.Expecting(JobTransitions.Discard, result.JobId, last).Where(job => job.AcceptedAttempt == result.Attempt).Make(JobTransitions.Discard, change => change
            .SetProperty(job => job.AcceptedAttempt, (int?)null)
            .SetProperty(job => job.ManifestDigest, (string?)null)
            .SetProperty(job => job.Faults, 0)
            .SetProperty(job => job.Losses, 0)) == 1;
        if (discarded)
        {
            db.Attempts.Where(row => row.JobId == result.JobId && row.Attempt == result.Attempt).ExecuteUpdate(change => change
                .SetProperty(row => row.Outcome, AttemptOutcome.Lost)
                .SetProperty(row => row.Why, "its result was found damaged"));
            Place(db, [result.JobId]);
            Release(db, [result.JobId]);
        }

        return discarded;
    });

    /// <inheritdoc/>
    public void Reject(OfferedResult result, string why) => database.Write(db =>
    {
        if (!Charge(db, result.JobId, result.Attempt, why, null))
        {
            End(db, [result.JobId], result.Attempt, AttemptOutcome.Faulted, why);
        }

        return 0;
    });

    private static HashSet<OfferedResult> OfferedOf(JobContext db, IReadOnlyCollection<string> jobIds) =>
        (from attempt in db.Attempts
         join job in db.Jobs on attempt.JobId equals job.Id
         where attempt.Outcome == AttemptOutcome.Offered && jobIds.Contains(attempt.JobId)
         select new OfferedResult(job.Id, job.Stage, attempt.Attempt, attempt.ManifestDigest!)).ToHashSet();
}
