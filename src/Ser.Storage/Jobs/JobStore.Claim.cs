using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

internal sealed partial class JobStore
{
    /// <inheritdoc/>
    public IReadOnlyList<ClaimedJob> Claim(ClaimRequest request, int count)
    {
        // Idle workers poll often, and a write transaction would block all other writers even if there is nothing to claim.
        if (database.HasSingleWriter && !database.Query(db => ClaimQueries.FindFor(db, request).Any()))
        {
            return [];
        }

        PulseIfDue();
        double gap = leases.PulseGapSeconds;
        return database.Write(db =>
        {
            // If the store has been unavailable since the last pulse, expired leases are not the fault of their holders.
            var claimable = ClaimQueries.FindFor(db, request)
                .Where(job => job.State == JobState.Ready || db.Pulses.Any(pulse => JobContext.Now() - pulse.At <= gap));
            var candidates = ClaimQueries.Candidates(db, claimable, request);
            var claimed = new List<JobRow>();
            while (claimed.Count < count && candidates.Count > 0)
            {
                var sweep = candidates[0];
                int limit = sweep.JobsBefore(candidates.ElementAtOrDefault(1), count - claimed.Count);
                var jobs = claimable.Where(job => job.SweepId == sweep.SweepId);
                if (sweep.PreferredInputs is { } localInputs)
                {
                    jobs = jobs.Where(job => job.Depth == sweep.PreferredDepth && job.Reads == localInputs);
                }

                var locked = database.LockFirstJobs(jobs.InClaimOrder().Select(job => new { Job = job, Now = JobContext.Now() }), limit);
                if (locked.Count == 0)
                {
                    // Other transactions hold the preferred jobs: try any job of the sweep, then the next sweep.
                    if (!sweep.DropPreference())
                    {
                        candidates.RemoveAt(0);
                    }

                    continue;
                }

                var taken = locked.Select(row => row.Job).Where(job => job.State == JobState.Ready || CountExpiredLease(db, job)).ToList();
                Take(db, taken, request.Worker, locked[0].Now);
                claimed.AddRange(taken);
                sweep.AddRunning(taken.Count);
                candidates.Sort();
            }

            return CreateClaims(db, claimed, request.Worker);
        });
    }

    private static bool CountExpiredLease(JobContext db, JobRow job) =>
        CountLostLease(db, job, JobTransitions.Reclaim, "the lease expired");

    /// <inheritdoc/>
    public int ExpireLeases(string why) => database.Write(db =>
    {
        database.LockJobs(db, [.. db.Jobs.Where(job => job.State == JobState.Running).Select(job => job.Id)]);
        var running = db.Jobs.AsNoTracking().Where(job => job.State == JobState.Running).ToList();
        foreach (var job in running)
        {
            if (CountLostLease(db, job, JobTransitions.Lose, why))
            {
                db.Jobs.WhereAllowed(JobTransitions.Lose, job.Id, job.Attempt).Transition(JobTransitions.Lose);
            }
        }

        return running.Count;
    });

    // False if the lost lease was one too many, so that the job has failed.
    private static bool CountLostLease(JobContext db, JobRow job, JobTransition transition, string why)
    {
        EndRunning(db, [job.Id], AttemptOutcome.Lost, why);
        var (faults, lostLeases) = JobTransitions.AfterLostLease(job.Faults, job.LostLeases);
        if (faults > job.Faults && faults >= job.MaxAttempts)
        {
            db.Jobs.WhereAllowed(JobTransitions.Fail, job.Id, job.Attempt).Transition(JobTransitions.Fail, change => change
                .SetProperty(row => row.Faults, faults)
                .SetProperty(row => row.Error, $"{why}, {JobTransitions.LostLeasesPerFault} times in a row without a new checkpoint"));
            return false;
        }

        return db.Jobs.WhereAllowed(transition, job.Id, job.Attempt).ExecuteUpdate(change => change
            .SetProperty(row => row.Faults, faults)
            .SetProperty(row => row.LostLeases, lostLeases)
            .SetProperty(row => row.Error, why)
            .RaiseVersion()) == 1;
    }

    // The jobs are locked, so that their states cannot have changed.
    private void Take(JobContext db, IReadOnlyList<JobRow> jobs, string worker, double now)
    {
        double length = leases.Seconds;
        foreach (var group in jobs.GroupBy(job => (job.State, job.Attempt)))
        {
            string[] ids = [.. group.Select(job => job.Id)];
            int attempt = group.Key.Attempt + 1;
            var transition = group.Key.State == JobState.Running ? JobTransitions.Reclaim : JobTransitions.Claim;
            int changed = db.Jobs.WhereAllowed(transition, ids, group.Key.Attempt).Transition(transition, change => change
                .SetProperty(row => row.Attempt, attempt)
                .SetProperty(row => row.Worker, worker)
                .SetProperty(row => row.LeaseUntil, _ => JobContext.Now() + length)
                .SetProperty(row => row.Step, 0)
                .SetProperty(row => row.Epoch, 0)
                .SetProperty(row => row.Loss, (double?)null)
                .SetProperty(row => row.StepsPerSecond, (double?)null));
            ExpectCount(ids.Length, changed);
        }

        db.Attempts.AddRange(jobs.Select(job => new AttemptRow
        {
            JobId = job.Id,
            Attempt = job.Attempt + 1,
            Worker = worker,
            Started = now,
            Outcome = AttemptOutcome.Running,
        }));
        db.SaveChanges();
    }

    private static List<ClaimedJob> CreateClaims(JobContext db, List<JobRow> jobs, string worker)
    {
        var dependentIds = jobs.Where(job => job.Depth > 0).Select(job => job.Id).ToList();
        var parents = dependentIds.Count == 0 ? null : ParentResults(db, dependentIds);
        return jobs.ConvertAll(job =>
        {
            var spec = ParseSpec(job.Spec);
            var rungs = JobHints.FromSpecOrDefault(spec).Rungs;
            var lease = new Lease(job.Id, job.Attempt + 1, worker);
            JobResult[] results = parents is null ? [] : [.. parents[job.Id]];
            return new ClaimedJob(lease, job.Stage, job.Title, spec, results)
            {
                PauseAfter = job.Rung < rungs.Count ? rungs[job.Rung] : null,
            };
        });
    }

    // A specification that was damaged must not keep other jobs from being claimed. Its worker finds the damage and reports it.
    private static JsonObject ParseSpec(string spec)
    {
        try
        {
            return JsonNode.Parse(spec) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static ILookup<string, JobResult> ParentResults(JobContext db, List<string> jobIds)
    {
        var rows =
            from link in db.Parents
            join parent in db.Jobs on link.ParentId equals parent.Id
            where jobIds.Contains(link.JobId)
            orderby link.Position
            select new
            {
                link.JobId,
                Result = new JobResult(parent.Id, parent.Stage, parent.AcceptedAttempt!.Value, parent.ManifestDigest!),
            };
        return rows.AsEnumerable().ToLookup(row => row.JobId, row => row.Result);
    }
}
