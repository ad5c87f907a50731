using Microsoft.EntityFrameworkCore;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Hosting.Jobs.Rows;

namespace Ser.Hosting.Jobs;

internal sealed partial class JobStore
{
    /// <inheritdoc/>
    public SubmissionOutcome Submit(SweepPlan sweep) => InTransaction(db =>
    {
        var ids = sweep.Jobs.Select(entry => entry.Job.Id).ToHashSet();
        var known = db.Jobs.AsNoTracking().Where(job => ids.Contains(job.Id)).ToDictionary(job => job.Id);
        AddUnknown(db, sweep, known);

        int sweepId = AddSweep(db, sweep);
        var before = db.SweepJobs.Where(link => link.SweepId == sweepId).Select(link => link.JobId).ToList();
        db.SweepJobs.Where(link => link.SweepId == sweepId).ExecuteDelete();
        db.SweepJobs.AddRange(sweep.Jobs.Select((entry, position) => new SweepJobRow
        {
            SweepId = sweepId,
            JobId = entry.Job.Id,
            Position = position,
            Arm = entry.Arm,
            Fold = entry.Fold,
        }));
        db.SaveChanges();

        int revived = known.Keys.Count(id => Revive(db, id));
        CancelUnwanted(db, [.. before.Where(id => !ids.Contains(id))]);
        Release(db);
        return new SubmissionOutcome(sweep.Jobs.Count, known.Values.Count(job => job.State == JobState.Done), revived);
    });

    /// <inheritdoc/>
    public int CancelSweep(string name) => InTransaction(db =>
    {
        var sweep = db.Sweeps.AsNoTracking().SingleOrDefault(row => row.Name == name) ?? throw NoSuchSweep(db, name);
        db.Sweeps.Where(row => row.Id == sweep.Id).ExecuteUpdate(change => change.SetProperty(row => row.Wanted, false));
        return CancelUnwanted(db, [.. db.SweepJobs.Where(link => link.SweepId == sweep.Id).Select(link => link.JobId)]);
    });

    /// <inheritdoc/>
    public int ResumeSweep(string name) => InTransaction(db =>
    {
        var sweep = db.Sweeps.AsNoTracking().SingleOrDefault(row => row.Name == name) ?? throw NoSuchSweep(db, name);
        db.Sweeps.Where(row => row.Id == sweep.Id).ExecuteUpdate(change => change.SetProperty(row => row.Wanted, true));
        int revived = db.SweepJobs.Where(link => link.SweepId == sweep.Id).Select(link => link.JobId).ToList().Count(id => Revive(db, id));
        Release(db);
        return revived;
    });

    /// <inheritdoc/>
    public int RetryJob(string jobId) => InTransaction(db =>
    {
        var job = db.Jobs.AsNoTracking().SingleOrDefault(row => row.Id == jobId) ?? throw new InputException($"No job {jobId} in {file}.");
        var line = new List<string> { jobId };
        for (int i = 0; i < line.Count; i++)
        {
            string id = line[i];
            line.AddRange(db.Parents.Where(link => link.JobId == id).Select(link => link.ParentId).ToList().Except(line));
        }

        int revived = line.Count(id => Revive(db, id));
        if (revived == 0)
        {
            throw new InputException($"{job.Title} ({job.Id}) is {job.State.ToString().ToLowerInvariant()}, and nothing that it needs has failed: there is nothing to retry.");
        }

        // A job is claimed for a sweep that wants it; retrying one of a cancelled sweep wants it again.
        var links = db.SweepJobs.Where(link => line.Contains(link.JobId)).Select(link => link.SweepId).Distinct();
        if (!db.Sweeps.Any(sweep => sweep.Wanted && links.Contains(sweep.Id)))
        {
            db.Sweeps.Where(sweep => links.Contains(sweep.Id)).ExecuteUpdate(change => change.SetProperty(sweep => sweep.Wanted, true));
        }

        Release(db);
        return revived;
    });

    private void AddUnknown(JobContext db, SweepPlan sweep, IReadOnlyDictionary<string, JobRow> known)
    {
        var depths = known.ToDictionary(pair => pair.Key, pair => pair.Value.Depth);
        foreach (var job in sweep.Jobs.Select(entry => entry.Job))
        {
            if (job.After.FirstOrDefault(parent => !depths.ContainsKey(parent)) is { } missing)
            {
                throw new InputException($"Sweep {sweep.Name}: job {job.Title} comes after {missing}, which the plan does not have before it.");
            }

            int depth = job.After.Count == 0 ? 0 : job.After.Max(parent => depths[parent]) + 1;
            if (!depths.TryAdd(job.Id, depth))
            {
                continue;
            }

            db.Jobs.Add(new JobRow { Id = job.Id, Stage = job.Stage, Title = job.Title, Spec = CanonicalJson.Write(job.Spec), Depth = depth, State = JobState.Waiting });
            db.Parents.AddRange(job.After.Select((parent, position) => new ParentRow { JobId = job.Id, Position = position, ParentId = parent }));
        }
    }

    private static int AddSweep(JobContext db, SweepPlan sweep)
    {
        var row = db.Sweeps.SingleOrDefault(known => known.Name == sweep.Name);
        if (row is null)
        {
            row = new SweepRow { Name = sweep.Name, Definition = sweep.Definition };
            db.Sweeps.Add(row);
        }

        row.Definition = sweep.Definition;
        row.Wanted = true;
        db.SaveChanges();
        return row.Id;
    }

    private static bool Revive(JobContext db, string jobId) => db.Jobs.Expecting(JobTransitions.Revive, jobId).Make(
        JobTransitions.Revive, change => change.SetProperty(job => job.Faults, 0).SetProperty(job => job.Losses, 0).SetProperty(job => job.Error, (string?)null));

    private static int CancelUnwanted(JobContext db, IReadOnlyList<string> jobIds)
    {
        int cancelled = 0;
        foreach (string id in jobIds.Where(id => !db.SweepJobs.Any(link => link.JobId == id && db.Sweeps.Any(sweep => sweep.Id == link.SweepId && sweep.Wanted))))
        {
            int attempt = db.Jobs.Where(job => job.Id == id).Select(job => job.Attempt).Single();
            if (db.Jobs.Expecting(JobTransitions.Cancel, id).Make(JobTransitions.Cancel))
            {
                cancelled++;

                // An offered result is still looked at: valid work is not thrown away.
                db.Attempts.Where(row => row.JobId == id && row.Attempt == attempt && row.Outcome == AttemptOutcome.Running).ExecuteUpdate(change => change
                    .SetProperty(row => row.Outcome, AttemptOutcome.Cancelled)
                    .SetProperty(row => row.Ended, _ => JobContext.Clock())
                    .SetProperty(row => row.Why, "the sweep was cancelled"));
            }
        }

        return cancelled;
    }
}
