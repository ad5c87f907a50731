using Microsoft.EntityFrameworkCore;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

internal sealed partial class JobStore
{
    /// <summary>Jobs of a sweep from which on the database should look again at what it holds.</summary>
    private const int Many = 500;

    /// <inheritdoc/>
    public SubmissionOutcome Submit(SweepPlan sweep) => database.Write(db =>
    {
        database.LockPlans(db);
        var ids = sweep.Jobs.Select(entry => entry.Job.Id).ToHashSet();
        var depths = db.Jobs.Where(job => ids.Contains(job.Id)).Select(job => new { job.Id, job.Depth }).ToDictionary(job => job.Id, job => job.Depth);
        string[] known = [.. depths.Keys];

        int sweepId = AddSweep(db, sweep);
        var hints = sweep.Jobs.DistinctBy(entry => entry.Job.Id).ToDictionary(entry => entry.Job.Id, entry => JobHints.Of(entry.Job.Spec));
        var needs = NeedsTable.Ids(db, hints.Values.Select(hint => hint.Needs));
        var before = db.SweepJobs.Where(link => link.SweepId == sweepId).Select(link => link.JobId).ToList();
        db.SweepJobs.Where(link => link.SweepId == sweepId).ExecuteDelete();
        AddUnknown(db, sweep, sweepId, depths, hints, needs);

        // Locked late: until the end nobody can renew or accept these.
        string[] dropped = [.. before.Where(id => !ids.Contains(id))];
        database.Lock(db, [.. known, .. dropped]);
        int reused = db.Jobs.Count(job => known.Contains(job.Id) && job.State == JobState.Done);
        if (reused < ids.Count)
        {
            db.Sweeps.Where(row => row.Id == sweepId).ExecuteUpdate(change => change.SetProperty(row => row.Told, (string?)null));
        }

        int revived = Revive(db, known);
        AskAgain(db, known, hints, needs);
        Place(db, [.. known, .. dropped]);
        CancelUnwanted(db, dropped);
        Release(db, db.Jobs.Where(job => ids.Contains(job.Id)));
        if (ids.Count >= Many)
        {
            database.Learn(db);
        }

        return new SubmissionOutcome(sweep.Jobs.Count, reused, revived);
    });

    /// <inheritdoc/>
    public int CancelSweep(string name) => database.Write(db =>
    {
        string[] jobs = Want(db, name, false);
        return CancelUnwanted(db, jobs);
    });

    /// <inheritdoc/>
    public IReadOnlyList<string> CancelJobs(IReadOnlyCollection<string> jobIds) => database.Write(db =>
    {
        database.Lock(db, jobIds);
        var from = JobTransitions.Cancel.From;
        var cancelled = db.Jobs.Where(job => jobIds.Contains(job.Id) && from.Contains(job.State)).Select(job => job.Id).ToList();
        EndRunning(db, cancelled, AttemptOutcome.Cancelled, "the job was cancelled");
        Guarded(cancelled.Count, db.Jobs.Expecting(JobTransitions.Cancel, cancelled).Make(JobTransitions.Cancel));
        return cancelled;
    });

    /// <inheritdoc/>
    public int ResumeSweep(string name) => database.Write(db =>
    {
        string[] jobs = Want(db, name, true);
        int revived = Revive(db, jobs);
        Release(db, db.Jobs.Where(job => jobs.Contains(job.Id)));
        return revived;
    });

    /// <inheritdoc/>
    public int RetryJob(string jobId) => database.Write(db =>
    {
        database.LockPlans(db);
        var job = db.Jobs.AsNoTracking().SingleOrDefault(row => row.Id == jobId) ?? throw new InputException($"No job {jobId} in {database.Name}.");
        var line = new List<string> { jobId };
        for (int i = 0; i < line.Count; i++)
        {
            string id = line[i];
            line.AddRange(db.Parents.Where(link => link.JobId == id).Select(link => link.ParentId).ToList().Except(line));
        }

        database.Lock(db, line);
        int revived = Revive(db, line);
        if (revived == 0)
        {
            throw new InputException($"{job.Title} ({job.Id}) is {job.State.ToString().ToLowerInvariant()}, and nothing that it needs has failed: there is nothing to retry.");
        }

        // A job is claimed for a sweep that wants it; retrying one of a cancelled sweep wants it again.
        var links = db.SweepJobs.Where(link => line.Contains(link.JobId)).Select(link => link.SweepId).Distinct().ToList();
        if (!db.Sweeps.Any(sweep => sweep.Wanted && links.Contains(sweep.Id)))
        {
            db.Sweeps.Where(sweep => links.Contains(sweep.Id)).ExecuteUpdate(change => change.SetProperty(sweep => sweep.Wanted, true));
            line = [.. line.Union(db.SweepJobs.Where(link => links.Contains(link.SweepId)).Select(link => link.JobId))];
            database.Lock(db, line);
        }

        Place(db, line);
        Release(db, db.Jobs.Where(job => line.Contains(job.Id)));
        return revived;
    });

    private void AddUnknown(JobContext db, SweepPlan sweep, int sweepId, Dictionary<string, int> depths, Dictionary<string, JobHints> hints, IReadOnlyDictionary<JobNeeds, int> needs)
    {
        var jobs = new List<JobRow>();
        var parents = new List<ParentRow>();
        var links = new List<SweepJobRow>(sweep.Jobs.Count);
        foreach (var (entry, position) in sweep.Jobs.Select((entry, position) => (entry, position)))
        {
            var job = entry.Job;
            if (job.After.FirstOrDefault(parent => !depths.ContainsKey(parent)) is { } missing)
            {
                throw new InputException($"Sweep {sweep.Name}: job {job.Title} comes after {missing}, which the plan does not have before it.");
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
                    NeedsId = NeedsTable.IdOf(needs, hints[job.Id].Needs),
                    Reads = ReadsOf(hints[job.Id]),
                });
                parents.AddRange(job.After.Select((parent, at) => new ParentRow { JobId = job.Id, Position = at, ParentId = parent }));
            }
        }

        database.Insert(db, jobs);
        database.Insert(db, parents);
        database.Insert(db, links);
    }

    // What a known job needs is what was asked for last, and what somebody wants whole does not park.
    private static void AskAgain(JobContext db, IReadOnlyCollection<string> known, Dictionary<string, JobHints> hints, IReadOnlyDictionary<JobNeeds, int> needs)
    {
        string[] whole = [.. known.Where(id => hints[id].Rungs.Count == 0)];
        db.Jobs.Where(job => whole.Contains(job.Id) && job.State != JobState.Done && job.Rung != int.MaxValue).ExecuteUpdate(change => change.SetProperty(job => job.Rung, int.MaxValue));
        db.Jobs.Expecting(JobTransitions.Promote, whole).Make(JobTransitions.Promote, change => change.SetProperty(job => job.Aside, false).SetProperty(job => job.Error, (string?)null));
        var open = db.Jobs.Where(job => known.Contains(job.Id) && job.State != JobState.Done).Select(job => new { job.Id, job.MaxAttempts, job.NeedsId }).ToList();
        foreach (var alike in open.Where(job => job.MaxAttempts != hints[job.Id].MaxAttempts || job.NeedsId != NeedsTable.IdOf(needs, hints[job.Id].Needs))
            .GroupBy(job => (hints[job.Id].MaxAttempts, Needs: NeedsTable.IdOf(needs, hints[job.Id].Needs))))
        {
            string[] ids = [.. alike.Select(job => job.Id)];
            var (most, asked) = alike.Key;
            db.Jobs.Where(job => ids.Contains(job.Id)).ExecuteUpdate(change => change.SetProperty(job => job.MaxAttempts, most).SetProperty(job => job.NeedsId, asked));
        }
    }

    private static string? ReadsOf(JobHints hints) => hints.Reads.Count == 0 ? null : string.Join(' ', hints.Reads);

    private static int AddSweep(JobContext db, SweepPlan sweep)
    {
        var row = db.Sweeps.SingleOrDefault(known => known.Name == sweep.Name);
        if (row is null)
        {
            row = new SweepRow { Name = sweep.Name, Definition = sweep.Definition, Submitted = db.Pulses.Select(_ => JobContext.Clock()).First() };
            db.Sweeps.Add(row);
        }

        row.Definition = sweep.Definition;
        row.Terms = sweep.Terms;
        row.Wanted = true;
        db.SaveChanges();
        return row.Id;
    }

    // Its jobs are locked and in their place.
    private string[] Want(JobContext db, string name, bool wanted)
    {
        database.LockPlans(db);
        var sweep = db.Sweeps.AsNoTracking().SingleOrDefault(row => row.Name == name) ?? throw NoSuchSweep(db, name);
        db.Sweeps.Where(row => row.Id == sweep.Id).ExecuteUpdate(change => change.SetProperty(row => row.Wanted, wanted).SetProperty(row => row.Told, (string?)null));
        string[] jobs = [.. db.SweepJobs.Where(link => link.SweepId == sweep.Id).Select(link => link.JobId)];
        database.Lock(db, jobs);
        Place(db, jobs);
        return jobs;
    }

    // Puts each job where the earliest sweep that wants it has it.
    private static void Place(JobContext db, IReadOnlyCollection<string> jobIds)
    {
        var wanting = db.SweepJobs.Where(link => db.Sweeps.Any(sweep => sweep.Id == link.SweepId && sweep.Wanted)).OrderBy(link => link.SweepId);
        db.Jobs.Where(job => jobIds.Contains(job.Id) && job.State != JobState.Done).ExecuteUpdate(change => change
            .SetProperty(job => job.SweepId, job => wanting.Where(link => link.JobId == job.Id).Select(link => (int?)link.SweepId).FirstOrDefault())
            .SetProperty(job => job.Position, job => wanting.Where(link => link.JobId == job.Id).Select(link => link.Position).FirstOrDefault()));
    }

    private static int Revive(JobContext db, IReadOnlyCollection<string> jobIds) => db.Jobs.Expecting(JobTransitions.Revive, jobIds).Make(
        JobTransitions.Revive, change => change
            .SetProperty(job => job.Faults, 0)
            .SetProperty(job => job.Losses, 0)
            .SetProperty(job => job.PutOffs, 0)
            .SetProperty(job => job.NotBefore, (double?)null)
            .SetProperty(job => job.FaultedOn, (string?)null)
            .SetProperty(job => job.Error, (string?)null));

    private static int CancelUnwanted(JobContext db, IReadOnlyCollection<string> jobIds)
    {
        var from = JobTransitions.Cancel.From;
        var unwanted = db.Jobs.Where(job => jobIds.Contains(job.Id) && job.SweepId == null && from.Contains(job.State)).Select(job => job.Id).ToList();
        EndRunning(db, unwanted, AttemptOutcome.Cancelled, "the sweep was cancelled");
        return db.Jobs.Expecting(JobTransitions.Cancel, unwanted).Make(JobTransitions.Cancel);
    }
}
