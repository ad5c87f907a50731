using Microsoft.EntityFrameworkCore;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

internal sealed partial class JobStore
{
    /// <inheritdoc/>
    public int RetryJob(string jobId) => database.Write(db =>
    {
        database.LockPlans(db);
        var job = db.Jobs.AsNoTracking().SingleOrDefault(row => row.Id == jobId)
            ?? throw new InputException($"No job {jobId} in {database.Name}.");
        var retry = Retry(db, [jobId]);
        if (retry.Revived == 0)
        {
            string state = job.State.ToString().ToLowerInvariant();
            throw new InputException(
                $"{job.Title} ({job.Id}) is {state}, and no job that it depends on has failed: there is nothing to retry.");
        }

        return retry.Revived;
    });

    /// <inheritdoc/>
    public IReadOnlyCollection<string> RetryJobs(IReadOnlyCollection<string> jobIds) => database.Write(db =>
    {
        database.LockPlans(db);
        return Retry(db, jobIds).JobIds;
    });

    // Takes as many statements for many jobs as for one: the plans are locked, so that no parent is added meanwhile.
    private Retried Retry(JobContext db, IReadOnlyCollection<string> jobIds)
    {
        var parents = ReadAncestry(db, jobIds);
        HashSet<string> everyone = [.. jobIds, .. parents.SelectMany(links => links)];
        database.LockJobs(db, everyone);
        var from = JobTransitions.Revive.From;
        var revivable = db.Jobs
            .Where(job => everyone.Contains(job.Id) && from.Contains(job.State))
            .Select(job => job.Id)
            .ToHashSet();
        var retried = jobIds.Distinct()
            .ToDictionary(id => id, id => Ancestry(id, parents))
            .Where(entry => entry.Value.Overlaps(revivable))
            .ToDictionary();
        HashSet<string> affected = [.. retried.Values.SelectMany(ancestry => ancestry)];
        int revived = Revive(db, affected);
        affected.UnionWith(ReinstateSweeps(db, retried.Values, affected));
        AssignToEarliestSweep(db, affected);
        Unblock(db, db.Jobs.Where(job => affected.Contains(job.Id)));
        return new Retried(retried.Keys, revived);
    }

    // The parents of the jobs and of all their ancestors, one query for each level.
    private static ILookup<string, string> ReadAncestry(JobContext db, IReadOnlyCollection<string> jobIds)
    {
        var links = new List<ParentRow>();
        HashSet<string> known = [.. jobIds];
        List<string> level = [.. jobIds];
        while (level.Count > 0)
        {
            var found = db.Parents.AsNoTracking().Where(link => level.Contains(link.JobId)).ToList();
            links.AddRange(found);
            level = [.. found.Select(link => link.ParentId).Where(known.Add)];
        }

        return links.ToLookup(link => link.JobId, link => link.ParentId);
    }

    private static HashSet<string> Ancestry(string jobId, ILookup<string, string> parents)
    {
        var ancestry = new HashSet<string>();
        var open = new Stack<string>([jobId]);
        while (open.TryPop(out string? id))
        {
            if (ancestry.Add(id))
            {
                foreach (string parent in parents[id])
                {
                    open.Push(parent);
                }
            }
        }

        return ancestry;
    }

    // Jobs are not claimed for withdrawn sweeps, so retrying a job that only withdrawn sweeps contain reinstates them. Returns the jobs of
    // the sweeps that were reinstated.
    private IReadOnlyList<string> ReinstateSweeps(
        JobContext db,
        IEnumerable<HashSet<string>> ancestries,
        IReadOnlyCollection<string> affected)
    {
        var links = (from link in db.SweepJobs.AsNoTracking()
                     join sweep in db.Sweeps on link.SweepId equals sweep.Id
                     where affected.Contains(link.JobId)
                     select new { link.JobId, link.SweepId, sweep.Withdrawn }).ToList();
        var sweepsOf = links.ToLookup(link => link.JobId, link => link.SweepId);
        var active = links.Where(link => !link.Withdrawn).Select(link => link.SweepId).ToHashSet();
        var reinstated = new HashSet<int>();
        foreach (var ancestry in ancestries)
        {
            HashSet<int> sweeps = [.. ancestry.SelectMany(id => sweepsOf[id])];
            if (!sweeps.Overlaps(active))
            {
                reinstated.UnionWith(sweeps);
                active.UnionWith(sweeps);
            }
        }

        if (reinstated.Count == 0)
        {
            return [];
        }

        db.Sweeps.Where(sweep => reinstated.Contains(sweep.Id)).ExecuteUpdate(change => change
            .SetProperty(sweep => sweep.Withdrawn, false)
            .RaiseVersion());
        var jobs = db.SweepJobs.Where(link => reinstated.Contains(link.SweepId)).Select(link => link.JobId).Distinct().ToList();
        database.LockJobs(db, jobs);
        return jobs;
    }

    private sealed record Retried(IReadOnlyCollection<string> JobIds, int Revived);
}
