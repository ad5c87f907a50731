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
        // Idle workers ask often; only when there is something is it worth keeping others from writing.
        if (database.OneWriter && !database.Ask(db => Claimables.For(db, request).Any()))
        {
            return [];
        }

        PulseIfDue();
        double gap = leases.PulseGap;
        return database.Write(db =>
        {
            // The store may have stood still since the pulse: then it is not the holder's fault that a lease has run out.
            var fitting = Claimables.For(db, request).Where(job => job.State == JobState.Ready || db.Pulses.Any(pulse => JobContext.Clock() - pulse.At <= gap));
            var turns = Claimables.Turns(db, fitting, request);
            var taken = new List<JobRow>();
            while (taken.Count < count && turns.Count > 0)
            {
                var turn = turns[0];
                int most = turn.Until(turns.ElementAtOrDefault(1), count - taken.Count);
                var jobs = fitting.Where(job => job.SweepId == turn.SweepId);
                if (turn.Held is { } held)
                {
                    jobs = jobs.Where(job => job.Depth == turn.Depth && job.Reads == held);
                }

                var best = database.LockFirst(jobs.InOrder().Select(job => new { Job = job, Now = JobContext.Clock() }), most);
                if (best.Count == 0)
                {
                    // Others hold what it would have liked best.
                    if (!turn.TakeAny())
                    {
                        turns.RemoveAt(0);
                    }

                    continue;
                }

                var mine = best.Select(row => row.Job).Where(job => job.State == JobState.Ready || CountLoss(db, job, JobTransitions.Reclaim, "the lease ran out")).ToList();
                Take(db, mine, request.Worker, best[0].Now);
                taken.AddRange(mine);
                turn.Add(mine.Count);
                turns.Sort();
            }

            return Claimed(db, taken, request.Worker);
        });
    }

    /// <inheritdoc/>
    public int EndLeases(string why) => database.Write(db =>
    {
        database.Lock(db, [.. db.Jobs.Where(job => job.State == JobState.Running).Select(job => job.Id)]);
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
        EndRunning(db, [job.Id], AttemptOutcome.Lost, why);
        var (faults, losses) = JobTransitions.AfterLoss(job.Faults, job.Losses);
        if (faults > job.Faults && faults >= job.MaxAttempts)
        {
            db.Jobs.Expecting(JobTransitions.Fail, job.Id, job.Attempt).Make(JobTransitions.Fail, change => change
                .SetProperty(row => row.Faults, faults)
                .SetProperty(row => row.Error, $"{why}, {JobTransitions.LossesPerFault} times in a row without a new checkpoint"));
            return false;
        }

        return db.Jobs.Expecting(transition, job.Id, job.Attempt)
            .ExecuteUpdate(change => change.SetProperty(row => row.Faults, faults).SetProperty(row => row.Losses, losses).SetProperty(row => row.Error, why)) == 1;
    }

    // The jobs are locked, so each is still where it was seen.
    private void Take(JobContext db, IReadOnlyList<JobRow> jobs, string worker, double now)
    {
        double length = leases.Length;
        foreach (var alike in jobs.GroupBy(job => (job.State, job.Attempt)))
        {
            string[] ids = [.. alike.Select(job => job.Id)];
            int attempt = alike.Key.Attempt + 1;
            var transition = alike.Key.State == JobState.Running ? JobTransitions.Reclaim : JobTransitions.Claim;
            Guarded(ids.Length, db.Jobs.Expecting(transition, ids, alike.Key.Attempt).Make(transition, change => change
                .SetProperty(row => row.Attempt, attempt)
                .SetProperty(row => row.Worker, worker)
                .SetProperty(row => row.LeaseUntil, _ => JobContext.Clock() + length)
                .SetProperty(row => row.Step, 0)
                .SetProperty(row => row.Epoch, 0)
                .SetProperty(row => row.Loss, (double?)null)
                .SetProperty(row => row.StepsPerSecond, (double?)null)));
        }

        db.Attempts.AddRange(jobs.Select(job => new AttemptRow { JobId = job.Id, Attempt = job.Attempt + 1, Worker = worker, Started = now, Outcome = AttemptOutcome.Running }));
        db.SaveChanges();
    }

    private static List<ClaimedJob> Claimed(JobContext db, List<JobRow> jobs, string worker)
    {
        var ids = jobs.Where(job => job.Depth > 0).Select(job => job.Id).ToList();
        var parents = ids.Count == 0 ? null : (from link in db.Parents
                                               join parent in db.Jobs on link.ParentId equals parent.Id
                                               where ids.Contains(link.JobId)
                                               orderby link.Position
                                               select new { link.JobId, Result = new AcceptedResult(parent.Id, parent.Stage, parent.AcceptedAttempt!.Value, parent.ManifestDigest!) })
            .AsEnumerable().ToLookup(row => row.JobId, row => row.Result);
        return jobs.ConvertAll(job =>
        {
            var spec = (JsonObject)JsonNode.Parse(job.Spec)!;
            var rungs = JobHints.Of(spec).Rungs;
            return new ClaimedJob(new Lease(job.Id, job.Attempt + 1, worker), job.Stage, job.Title, spec, parents is null ? [] : [.. parents[job.Id]]) { PauseAfter = job.Rung < rungs.Count ? rungs[job.Rung] : null };
        });
    }
}
