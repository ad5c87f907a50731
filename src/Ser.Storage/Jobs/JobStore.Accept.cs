using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

internal sealed partial class JobStore
{
    private const string SupersededReason = "another attempt's result was accepted first";

    /// <inheritdoc/>
    public IReadOnlyList<PublishedResult> Complete(IReadOnlyList<PublishedResult> results) => database.Write(db =>
    {
        var ids = results.Select(result => result.Lease.JobId).ToList();
        var attempts = db.Attempts
            .Where(row => ids.Contains(row.JobId))
            .ToDictionary(row => new Lease(row.JobId, row.Attempt, row.Worker));
        bool IsOpen(PublishedResult result) => attempts.GetValueOrDefault(result.Lease) is { ManifestDigest: null };
        var completed = results.Where(IsOpen).ToList();
        foreach (var result in completed)
        {
            var attempt = attempts[result.Lease];
            attempt.Outcome = AttemptOutcome.Completed;
            attempt.ManifestDigest = result.ManifestDigest;
        }

        string[] changed = [.. completed.Select(result => result.Lease.JobId).Distinct()];
        if (changed.Length > 1)
        {
            database.LockJobs(db, changed);
        }

        db.Jobs.Where(job => changed.Contains(job.Id)).RaiseVersions();

        // ManifestDigest is a concurrency token, so this fails if the attempt was completed meanwhile.
        db.SaveChanges();

        // A call that is repeated because its answer was lost finds its own digest.
        bool IsRecorded(PublishedResult result) => attempts.GetValueOrDefault(result.Lease)?.ManifestDigest == result.ManifestDigest;
        return results.Where(IsRecorded).ToList();
    });

    /// <inheritdoc/>
    public IReadOnlyList<JobResult> CompletedResults() => database.Query(db =>
        (from attempt in db.Attempts
         join job in db.Jobs on attempt.JobId equals job.Id
         where attempt.Outcome == AttemptOutcome.Completed
         orderby attempt.JobId, attempt.Attempt
         select new JobResult(job.Id, job.Stage, attempt.Attempt, attempt.ManifestDigest!)).ToList());

    /// <inheritdoc/>
    public IReadOnlyList<JobResult> Accept(IReadOnlyList<JobResult> results) => database.Write(db =>
    {
        var ids = results.Select(result => result.JobId).Distinct().ToList();
        var children = db.Parents.Where(link => ids.Contains(link.ParentId)).Select(link => link.JobId);
        database.LockJobs(db, [.. ids.Union(children)]);
        var completed = (from attempt in db.Attempts
                         join job in db.Jobs on attempt.JobId equals job.Id
                         where ids.Contains(attempt.JobId) && attempt.Outcome == AttemptOutcome.Completed
                         select new
                         {
                             Result = new JobResult(job.Id, job.Stage, attempt.Attempt, attempt.ManifestDigest!),
                             job.State,
                             LastAttempt = job.Attempt,
                         }).ToDictionary(row => row.Result);
        var valid = results.Where(completed.ContainsKey).Distinct().ToList();
        var accepted = valid
            .Where(result => JobTransitions.Accept.From.Contains(completed[result].State))
            .DistinctBy(result => result.JobId)
            .ToList();
        foreach (var sameAttempt in accepted.GroupBy(result => result.Attempt))
        {
            string[] jobIds = [.. sameAttempt.Select(result => result.JobId)];
            MakeDone(db, jobIds, sameAttempt.Key);
            End(db, jobIds, sameAttempt.Key, AttemptOutcome.Accepted, null);
        }

        var superseded = accepted.Where(result => completed[result].LastAttempt != result.Attempt);
        string[] supersededIds = [.. superseded.Select(result => result.JobId)];
        if (supersededIds.Length > 0)
        {
            EndRunning(db, supersededIds, AttemptOutcome.Superseded, SupersededReason);
        }

        foreach (var late in valid.Except(accepted))
        {
            db.Jobs.Where(job => job.Id == late.JobId).RaiseVersions();
            End(db, [late.JobId], late.Attempt, AttemptOutcome.Superseded, SupersededReason);
        }

        // Children are read again, because a submission may have added some before the lock was taken.
        string[] done = [.. accepted.Select(result => result.JobId)];
        Unblock(db, db.Jobs.Where(job => db.Parents.Any(link => link.JobId == job.Id && done.Contains(link.ParentId))));
        return accepted;
    });

    private static void MakeDone(JobContext db, string[] jobIds, int attempt)
    {
        var links = db.SweepJobs.Where(link => db.Sweeps.Any(sweep => sweep.Id == link.SweepId && sweep.KeepWeights));
        int changed = db.Jobs.WhereAllowed(JobTransitions.Accept, jobIds).Transition(JobTransitions.Accept, change => change
            .SetProperty(job => job.AcceptedAttempt, attempt)
            .SetProperty(job => job.ResultVersion, job => job.ResultVersion + 1)
            .SetProperty(
                job => job.ManifestDigest,
                job => db.Attempts.Single(row => row.JobId == job.Id && row.Attempt == attempt).ManifestDigest)
            .SetProperty(job => job.Checkpoint, job => links.Any(link => link.JobId == job.Id) ? job.Checkpoint : null)
            .SetProperty(job => job.Error, (string?)null));
        ExpectCount(jobIds.Length, changed);
    }

    /// <inheritdoc/>
    public bool Discard(JobResult result) => database.Write(db =>
    {
        database.LockPlans(db);
        database.LockJobs(db, [result.JobId]);
        int last = db.Jobs.Where(job => job.Id == result.JobId).Select(job => job.Attempt).Single();
        var accepted = db.Jobs.WhereAllowed(JobTransitions.Discard, result.JobId, last).Where(job => job.AcceptedAttempt == result.Attempt);
        bool discarded = accepted.Transition(JobTransitions.Discard, change => change
            .SetProperty(job => job.AcceptedAttempt, (int?)null)
            .SetProperty(job => job.ResultVersion, job => job.ResultVersion + 1)
            .SetProperty(job => job.ManifestDigest, (string?)null)
            .SetProperty(job => job.Faults, 0)
            .SetProperty(job => job.LostLeases, 0)) == 1;
        if (discarded)
        {
            db.Attempts.Where(row => row.JobId == result.JobId && row.Attempt == result.Attempt).ExecuteUpdate(change => change
                .SetProperty(row => row.Outcome, AttemptOutcome.Lost)
                .SetProperty(row => row.Why, "its result was found damaged"));
            AssignToEarliestSweep(db, [result.JobId]);
            Unblock(db, db.Jobs.Where(job => job.Id == result.JobId));
        }

        return discarded;
    });

    /// <inheritdoc/>
    public void Reject(JobResult result, string why) => database.Write(db =>
    {
        database.LockJobs(db, [result.JobId]);
        string? holder = db.Attempts
            .Where(row => row.JobId == result.JobId && row.Attempt == result.Attempt && row.Outcome == AttemptOutcome.Completed)
            .Select(row => row.Worker)
            .FirstOrDefault();
        if (holder is null)
        {
            return 0;
        }

        string worker = SlotName.Parse(holder).Worker;
        var held = db.Jobs.WhereHeld(JobTransitions.Reject, new Lease(result.JobId, result.Attempt, holder));
        int changed = held.Transition(JobTransitions.Reject, change => change
            .SetProperty(row => row.FaultedOn, worker)
            .SetProperty(row => row.FaultedAt, _ => JobContext.Now())
            .SetProperty(row => row.Error, why));
        if (changed == 0)
        {
            db.Jobs.Where(job => job.Id == result.JobId).RaiseVersions();
        }

        End(db, [result.JobId], result.Attempt, AttemptOutcome.Faulted, why);
        return 1;
    });
}
