using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

internal sealed partial class JobStore
{
    private const string Overtaken = "another attempt's result was accepted first";

    /// <inheritdoc/>
    public void Offer(IReadOnlyList<PublishedResult> results) => database.Write(db =>
    {
        var ids = results.Select(result => result.Lease.JobId).ToList();
        var open = db.Attempts.Where(row => ids.Contains(row.JobId) && row.ManifestDigest == null).ToDictionary(row => new Lease(row.JobId, row.Attempt, row.Worker));
        foreach (var result in results)
        {
            if (open.TryGetValue(result.Lease, out var attempt))
            {
                attempt.Outcome = AttemptOutcome.Offered;
                attempt.ManifestDigest = result.ManifestDigest;
            }
        }

        return db.SaveChanges(); // guarded: nobody else has offered for the attempt meanwhile
    });

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
        database.Lock(db, [.. ids.Union(db.Parents.Where(link => ids.Contains(link.ParentId)).Select(link => link.JobId))]);
        var offered = (from attempt in db.Attempts
                       join job in db.Jobs on attempt.JobId equals job.Id
                       where ids.Contains(attempt.JobId) && attempt.Outcome == AttemptOutcome.Offered
                       select new { Result = new OfferedResult(job.Id, job.Stage, attempt.Attempt, attempt.ManifestDigest!), job.State, Last = job.Attempt })
            .ToDictionary(offer => offer.Result);
        var valid = results.Where(offered.ContainsKey).Distinct().ToList();
        var accepted = valid.Where(result => JobTransitions.Accept.From.Contains(offered[result].State)).DistinctBy(result => result.JobId).ToList();
        foreach (var alike in accepted.GroupBy(result => result.Attempt))
        {
            string[] these = [.. alike.Select(result => result.JobId)];
            int attempt = alike.Key;
            Guarded(these.Length, db.Jobs.Expecting(JobTransitions.Accept, these).Make(JobTransitions.Accept, change => change
                .SetProperty(job => job.AcceptedAttempt, attempt)
                .SetProperty(job => job.ManifestDigest, job => db.Attempts.Single(row => row.JobId == job.Id && row.Attempt == attempt).ManifestDigest)
                .SetProperty(job => job.Checkpoint, job => db.SweepJobs.Any(link => link.JobId == job.Id && db.Sweeps.Any(sweep => sweep.Id == link.SweepId && sweep.KeepWeights)) ? job.Checkpoint : null)
                .SetProperty(job => job.Error, (string?)null)));
            End(db, these, attempt, AttemptOutcome.Accepted, null);
        }

        string[] overtaken = [.. accepted.Where(result => offered[result].Last != result.Attempt).Select(result => result.JobId)];
        if (overtaken.Length > 0)
        {
            EndRunning(db, overtaken, AttemptOutcome.Superseded, Overtaken);
        }

        foreach (var late in valid.Except(accepted))
        {
            End(db, [late.JobId], late.Attempt, AttemptOutcome.Superseded, Overtaken);
        }

        // Not those of before: a submission may have added some until the lock.
        string[] done = [.. accepted.Select(result => result.JobId)];
        Release(db, db.Jobs.Where(job => db.Parents.Any(link => link.JobId == job.Id && done.Contains(link.ParentId))));
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
            Release(db, db.Jobs.Where(job => job.Id == result.JobId));
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
}
