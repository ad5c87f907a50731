using Microsoft.EntityFrameworkCore;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

internal sealed partial class JobStore
{
    /// <summary>Number of jobs of a sweep from which on the statistics of the database are updated.</summary>
    private const int UpdateStatisticsFrom = 500;

    /// <inheritdoc/>
    public SubmissionOutcome Submit(SweepPlan sweep) => database.Write(db =>
    {
        if (HintLimits.FindProblem(sweep.Terms) is { } problem)
        {
            throw new InputException($"Sweep {sweep.Name}: {problem}.");
        }

        database.LockPlans(db);
        var ids = sweep.Jobs.Select(entry => entry.Job.Id).ToHashSet();
        var depths = db.Jobs
            .Where(job => ids.Contains(job.Id))
            .Select(job => new { job.Id, job.Depth })
            .ToDictionary(job => job.Id, job => job.Depth);
        string[] known = [.. depths.Keys];

        int sweepId = AddSweep(db, sweep);
        var hints = sweep.Jobs
            .DistinctBy(entry => entry.Job.Id)
            .ToDictionary(entry => entry.Job.Id, entry => JobHints.FromSpec(entry.Job.Spec));
        var needs = NeedsTable.EnsureIds(db, hints.Values.Select(hint => hint.Needs));
        var before = db.SweepJobs.Where(link => link.SweepId == sweepId).Select(link => link.JobId).ToList();
        db.SweepJobs.Where(link => link.SweepId == sweepId).ExecuteDelete();
        AddNewJobs(db, sweep, sweepId, depths, hints, needs);

        // Locked as late as possible, because until the commit no lease of these jobs can be renewed and no result accepted.
        string[] dropped = [.. before.Where(id => !ids.Contains(id))];
        database.LockJobs(db, [.. known, .. dropped]);
        int reused = db.Jobs.Count(job => known.Contains(job.Id) && job.State == JobState.Done);
        RaiseVersionOf(db, sweepId, dropped);
        if (reused < ids.Count)
        {
            db.Sweeps.Where(row => row.Id == sweepId).ExecuteUpdate(change => change.SetProperty(row => row.NotifiedState, (string?)null));
        }

        int revived = Revive(db, known);
        UpdateHints(db, known, hints, needs);
        AssignToEarliestSweep(db, [.. known, .. dropped]);
        CancelUnassigned(db, dropped);
        Unblock(db, db.Jobs.Where(job => ids.Contains(job.Id)));
        if (ids.Count >= UpdateStatisticsFrom)
        {
            database.UpdateStatistics(db);
        }

        return new SubmissionOutcome(sweep.Jobs.Count, reused, revived);
    });

    /// <inheritdoc/>
    public int CancelSweep(string name) => database.Write(db =>
    {
        string[] jobs = SetWithdrawn(db, name, true);
        return CancelUnassigned(db, jobs);
    });

    /// <inheritdoc/>
    public IReadOnlyList<string> CancelJobs(IReadOnlyCollection<string> jobIds) => database.Write(db =>
    {
        database.LockJobs(db, jobIds);
        var from = JobTransitions.Cancel.From;
        var cancelled = db.Jobs
            .Where(job => jobIds.Contains(job.Id) && from.Contains(job.State))
            .Select(job => job.Id)
            .ToList();
        EndRunning(db, cancelled, AttemptOutcome.Cancelled, "the job was cancelled");
        ExpectCount(cancelled.Count, db.Jobs.WhereAllowed(JobTransitions.Cancel, cancelled).Transition(JobTransitions.Cancel));
        return cancelled;
    });

    /// <inheritdoc/>
    public int ResumeSweep(string name) => database.Write(db =>
    {
        string[] jobs = SetWithdrawn(db, name, false);
        int revived = Revive(db, jobs);
        Unblock(db, db.Jobs.Where(job => jobs.Contains(job.Id)));
        return revived;
    });

    // The versions of dropped jobs no longer count for the sweep, so they are added to its own. They cannot rise meanwhile, because
    // the jobs are locked.
    private static void RaiseVersionOf(JobContext db, int sweepId, string[] dropped)
    {
        long version = db.Jobs.Where(job => dropped.Contains(job.Id)).Sum(job => job.Version) + 1;
        long resultVersion = db.Jobs.Where(job => dropped.Contains(job.Id)).Sum(job => job.ResultVersion) + 1;
        db.Sweeps.Where(row => row.Id == sweepId).ExecuteUpdate(change => change
            .SetProperty(row => row.Version, row => row.Version + version)
            .SetProperty(row => row.ResultVersion, row => row.ResultVersion + resultVersion));
    }

    private void AddNewJobs(
        JobContext db,
        SweepPlan sweep,
        int sweepId,
        Dictionary<string, int> depths,
        Dictionary<string, JobHints> hints,
        IReadOnlyDictionary<JobNeeds, int> needs)
    {
        var jobs = new List<JobRow>();
        var parents = new List<ParentRow>();
        var links = new List<SweepJobRow>(sweep.Jobs.Count);
        foreach (var (entry, position) in sweep.Jobs.Select((entry, position) => (entry, position)))
        {
            var job = entry.Job;
            if (job.After.FirstOrDefault(parent => !depths.ContainsKey(parent)) is { } missing)
            {
                throw new InputException(
                    $"Sweep {sweep.Name}: job {job.Title} depends on {missing}, which is neither earlier in the plan nor in the store.");
            }

            links.Add(new SweepJobRow { SweepId = sweepId, JobId = job.Id, Position = position, Arm = entry.Arm, Fold = entry.Fold });
            int depth = job.After.Count == 0 ? 0 : job.After.Max(parent => depths[parent]) + 1;
            if (depths.TryAdd(job.Id, depth))
            {
                jobs.Add(new JobRow
                {
                    Id = job.Id,
                    Stage = job.Stage,
                    Title = job.Title,
                    Spec = CanonicalJson.Write(job.Spec),
                    Depth = depth,
                    SweepId = sweepId,
                    Position = position,
                    State = JobState.Waiting,
                    MaxAttempts = hints[job.Id].MaxAttempts,
                    NeedsId = NeedsTable.FindId(needs, hints[job.Id].Needs),
                    Reads = ReadsOf(hints[job.Id]),
                });
                parents.AddRange(job.After.Select((parentId, index) =>
                    new ParentRow { JobId = job.Id, Position = index, ParentId = parentId }));
            }
        }

        database.Insert(db, jobs);
        database.Insert(db, parents);
        database.Insert(db, links);
    }

    // Limits and requirements of known jobs are those of the last submission. Jobs of a sweep without successive halving run to their end,
    // even if another sweep would park them.
    private static void UpdateHints(
        JobContext db,
        IReadOnlyCollection<string> known,
        Dictionary<string, JobHints> hints,
        IReadOnlyDictionary<JobNeeds, int> needs)
    {
        string[] withoutHalving = [.. known.Where(id => hints[id].Rungs.Count == 0)];
        db.Jobs
            .Where(job => withoutHalving.Contains(job.Id) && job.State != JobState.Done && job.Rung != int.MaxValue)
            .ExecuteUpdate(change => change.SetProperty(job => job.Rung, int.MaxValue).RaiseVersion());
        db.Jobs.WhereAllowed(JobTransitions.Promote, withoutHalving).Transition(JobTransitions.Promote, change => change
            .SetProperty(job => job.EliminatedByHalving, false)
            .SetProperty(job => job.Error, (string?)null));
        var open = db.Jobs
            .Where(job => known.Contains(job.Id) && job.State != JobState.Done)
            .Select(job => new { job.Id, job.MaxAttempts, job.NeedsId })
            .ToList();
        int? RequestedNeeds(string id) => NeedsTable.FindId(needs, hints[id].Needs);
        var changed = open.Where(job => job.MaxAttempts != hints[job.Id].MaxAttempts || job.NeedsId != RequestedNeeds(job.Id));
        foreach (var group in changed.GroupBy(job => (hints[job.Id].MaxAttempts, Needs: RequestedNeeds(job.Id))))
        {
            string[] ids = [.. group.Select(job => job.Id)];
            var (maxAttempts, needsId) = group.Key;
            db.Jobs.Where(job => ids.Contains(job.Id)).ExecuteUpdate(change => change
                .SetProperty(job => job.MaxAttempts, maxAttempts)
                .SetProperty(job => job.NeedsId, needsId)
                .RaiseVersion());
        }
    }

    private static string? ReadsOf(JobHints hints) => hints.Reads.Count == 0 ? null : string.Join(' ', hints.Reads);

    private static int AddSweep(JobContext db, SweepPlan sweep)
    {
        var row = db.Sweeps.SingleOrDefault(known => known.Name == sweep.Name);
        if (row is null)
        {
            double now = db.Pulses.Select(_ => JobContext.Now()).First();
            row = new SweepRow { Name = sweep.Name, Definition = sweep.Definition, Submitted = now };
            db.Sweeps.Add(row);
        }

        row.Definition = sweep.Definition;
        row.Terms = sweep.Terms;
        row.Withdrawn = false;
        db.SaveChanges();
        return row.Id;
    }

    // Returns the jobs of the sweep, locked and each assigned to the earliest sweep that has not been withdrawn.
    private string[] SetWithdrawn(JobContext db, string name, bool withdrawn)
    {
        database.LockPlans(db);
        var sweep = db.Sweeps.AsNoTracking().SingleOrDefault(row => row.Name == name) ?? throw NoSuchSweep(db, name);
        db.Sweeps.Where(row => row.Id == sweep.Id).ExecuteUpdate(change => change
            .SetProperty(row => row.Withdrawn, withdrawn)
            .RaiseVersion()
            .SetProperty(row => row.NotifiedState, (string?)null));
        string[] jobs = [.. db.SweepJobs.Where(link => link.SweepId == sweep.Id).Select(link => link.JobId)];
        database.LockJobs(db, jobs);
        AssignToEarliestSweep(db, jobs);
        return jobs;
    }

    // Assigns each job to the earliest sweep that contains it and has not been withdrawn, at its position in that sweep's plan.
    private static void AssignToEarliestSweep(JobContext db, IReadOnlyCollection<string> jobIds)
    {
        var links = db.SweepJobs
            .Where(link => db.Sweeps.Any(sweep => sweep.Id == link.SweepId && !sweep.Withdrawn))
            .OrderBy(link => link.SweepId);
        db.Jobs.Where(job => jobIds.Contains(job.Id) && job.State != JobState.Done).ExecuteUpdate(change => change
            .SetProperty(
                job => job.SweepId,
                job => links.Where(link => link.JobId == job.Id).Select(link => (int?)link.SweepId).FirstOrDefault())
            .SetProperty(
                job => job.Position,
                job => links.Where(link => link.JobId == job.Id).Select(link => link.Position).FirstOrDefault()));
    }

    private static int Revive(JobContext db, IReadOnlyCollection<string> jobIds) => db.Jobs
        .WhereAllowed(JobTransitions.Revive, jobIds)
        .Transition(JobTransitions.Revive, change => change
            .SetProperty(job => job.Faults, 0)
            .SetProperty(job => job.LostLeases, 0)
            .SetProperty(job => job.Snoozes, 0)
            .SetProperty(job => job.NotBefore, (double?)null)
            .SetProperty(job => job.FaultedOn, (string?)null)
            .SetProperty(job => job.Error, (string?)null));

    private static int CancelUnassigned(JobContext db, IReadOnlyCollection<string> jobIds)
    {
        var from = JobTransitions.Cancel.From;
        var unassigned = db.Jobs
            .Where(job => jobIds.Contains(job.Id) && job.SweepId == null && from.Contains(job.State))
            .Select(job => job.Id)
            .ToList();
        EndRunning(db, unassigned, AttemptOutcome.Cancelled, "the sweep was cancelled");
        return db.Jobs.WhereAllowed(JobTransitions.Cancel, unassigned).Transition(JobTransitions.Cancel);
    }
}
