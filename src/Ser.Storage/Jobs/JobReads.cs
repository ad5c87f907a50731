using System.Linq.Expressions;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Storage.Jobs.Databases;
using Ser.Storage.Jobs.Rows;

namespace Ser.Storage.Jobs;

/// <summary>Read access to the job store; see <see cref="IJobReads"/>.</summary>
internal sealed class JobReads(JobDatabase database) : IJobReads
{
    /// <inheritdoc/>
    public IReadOnlyList<SweepSnapshot> Sweeps() => database.Read(db =>
    {
        var rows = db.Sweeps.AsNoTracking().OrderBy(row => row.Id).ToList();
        return rows.ConvertAll(row => SnapshotOf(db, row));
    });

    /// <inheritdoc/>
    public SweepPage RecentSweeps(int skip, int take) => database.Read(db =>
    {
        var rows = db.Sweeps.AsNoTracking().OrderByDescending(row => row.Id).Skip(skip).Take(take).ToList();
        if (skip == 0 && rows.Count == take)
        {
            int oldest = rows.Count == 0 ? int.MaxValue : rows[^1].Id;
            var open = ClaimQueries.FindOpenSweeps(db);
            rows.AddRange(db.Sweeps.AsNoTracking().Where(row => row.Id < oldest && !row.Withdrawn && open.Contains(row.Id)));
        }

        return new SweepPage(db.Sweeps.Count(), [.. rows.OrderBy(row => row.Id).Select(row => SnapshotOf(db, row))]);
    });

    /// <inheritdoc/>
    public IReadOnlyList<string> SweepNames() => database.Query(ReadSweepNames);

    /// <inheritdoc/>
    public SweepSnapshot? FindSweep(string name) => database.Read(db =>
        db.Sweeps.AsNoTracking().SingleOrDefault(sweep => sweep.Name == name) is { } row ? SnapshotOf(db, row) : null);

    private static List<string> ReadSweepNames(JobContext db) => [.. db.Sweeps.OrderBy(sweep => sweep.Id).Select(sweep => sweep.Name)];

    /// <inheritdoc/>
    public IReadOnlyList<SweepOverview> Overviews() => database.Read(SweepOverviews.Read);

    /// <inheritdoc/>
    public SweepTimes Times(string sweep) => database.Read(db =>
    {
        int? id = db.Sweeps.Where(row => row.Name == sweep).Select(row => (int?)row.Id).SingleOrDefault();
        return id is { } known ? StageTotalsQueries.Sum(StageTotalsQueries.Read(db, known)[known]) : SweepTimes.None;
    });

    /// <inheritdoc/>
    public long Version(string? sweep = null) => database.Read(db => SweepOverviews.ReadVersion(db, sweep));

    /// <inheritdoc/>
    public SweepSnapshot Sweep(string name) => database.Read(db =>
    {
        var row = db.Sweeps.AsNoTracking().SingleOrDefault(sweep => sweep.Name == name)
            ?? throw UnknownSweep.Create(name, ReadSweepNames(db), database.Name);
        return SnapshotOf(db, row);
    });

    /// <inheritdoc/>
    public JobSnapshot Job(string id) => database.Read(db =>
    {
        var found = db.Jobs.AsNoTracking().Where(job => job.Id.StartsWith(id)).Take(2).ToList();
        if (found.Count != 1)
        {
            throw new InputException(found.Count == 0
                ? $"No job in {database.Name} has an id that begins with {id}."
                : $"Several jobs have an id that begins with {id}; give more characters.");
        }

        var job = found[0];
        var parents = FindParents(db, [job.Id]).GetValueOrDefault(job.Id, []);
        return JobSnapshots.Create(job, LastPoint(db, job.Id), parents);
    });

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, JobSnapshot> Jobs(IReadOnlyCollection<string> jobIds) => database.Read(db =>
    {
        var jobs = db.Jobs.AsNoTracking().Where(job => jobIds.Contains(job.Id)).Select(WithoutSpec).ToList();
        var ids = db.Jobs.Where(job => jobIds.Contains(job.Id)).Select(job => job.Id);
        var parents = FindParents(db, ids);
        var points = LastPoints(db, ids);
        return jobs.ToDictionary(
            job => job.Id,
            job => JobSnapshots.Create(job, points.GetValueOrDefault(job.Id), parents.GetValueOrDefault(job.Id, [])));
    });

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, JobResult> Results(IReadOnlyCollection<string> jobIds) => database.Read(db => db.Jobs
        .AsNoTracking()
        .Where(job => jobIds.Contains(job.Id) && job.State == JobState.Done)
        .Select(job => new JobResult(job.Id, job.Stage, job.AcceptedAttempt!.Value, job.ManifestDigest!))
        .ToDictionary(result => result.JobId));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, JsonObject> Specs(IReadOnlyCollection<string> jobIds) => database.Read(db => db.Jobs
        .AsNoTracking()
        .Where(job => jobIds.Contains(job.Id))
        .Select(job => new { job.Id, job.Spec })
        .ToDictionary(job => job.Id, job => JsonNode.Parse(job.Spec)!.AsObject()));

    /// <inheritdoc/>
    public ILookup<string, EpochPoint> LearningCurves(IReadOnlyCollection<string> jobIds) => database.Query(db => db.Points
        .AsNoTracking()
        .Where(row => jobIds.Contains(row.JobId))
        .OrderBy(row => row.Epoch)
        .AsEnumerable()
        .ToLookup(row => row.JobId, JobSnapshots.CreatePoint));

    /// <inheritdoc/>
    public ILookup<string, AttemptRecord> AttemptsByJob(IReadOnlyCollection<string> jobIds, bool withLogs) => database.Query(db =>
    {
        var rows =
            from row in db.Attempts.AsNoTracking()
            where jobIds.Contains(row.JobId)
            orderby row.Attempt
            select new
            {
                row.JobId,
                Record = new AttemptRecord(
                    row.Attempt, row.Worker, row.Started, row.Ended, row.Outcome, row.Why, withLogs ? row.Log : null),
            };
        return rows.AsEnumerable().ToLookup(row => row.JobId, row => row.Record);
    });

    /// <inheritdoc/>
    public JobPage SearchJobs(JobQuery query, int skip, int take) => database.Read(db => JobSearches.FindPage(db, query, skip, take));

    /// <inheritdoc/>
    public IReadOnlyList<string> WorkerNames() => database.Query(db =>
        db.Attempts.Select(row => row.Worker).Distinct().OrderBy(name => name).ToList());

    /// <inheritdoc/>
    public AuditPage SearchAudit(string? words, int skip, int take) => database.Read(db => AuditTable.FindPage(db, words, skip, take));

    /// <inheritdoc/>
    public IReadOnlyDictionary<JobState, int> CountsByState() => database.Query(db => db.Jobs
        .AsNoTracking()
        .GroupBy(job => job.State)
        .Select(state => new { state.Key, Count = state.Count() })
        .ToDictionary(state => state.Key, state => state.Count));

    /// <inheritdoc/>
    public IReadOnlyDictionary<JobNeeds, int> ReadyNeeds() => database.Query(db =>
        (from job in db.Jobs
         where job.State == JobState.Ready
         group job by job.NeedsId into alike
         select new
         {
             Text = db.Needs.Where(row => row.Id == alike.Key).Select(row => row.Text).FirstOrDefault(),
             Count = alike.Count(),
         }).ToList())
        .ToDictionary(needs => needs.Text is null ? JobNeeds.None : JobNeeds.FromText(needs.Text), needs => needs.Count);

    /// <inheritdoc/>
    public IReadOnlyList<SweepSchedule> Schedules() => database
        .Query(db => db.Schedules.AsNoTracking().OrderBy(row => row.Name).ToList())
        .ConvertAll(ReadSchedule);

    // A schedule whose plan cannot be read must not hide the others.
    private static SweepSchedule ReadSchedule(ScheduleRow row)
    {
        string problem = "it is incomplete";
        try
        {
            var plan = JsonSerializer.Deserialize<SweepPlan>(row.Plan);
            if (plan is { Jobs: not null, Terms: not null })
            {
                return new SweepSchedule(row.Name, row.Cron, row.Zone, plan);
            }
        }
        catch (JsonException unreadable)
        {
            problem = unreadable.Message;
        }

        var empty = new SweepPlan(row.Name, "", []) { Terms = new SweepTerms { Owner = row.Owner } };
        return new SweepSchedule(row.Name, row.Cron, row.Zone, empty)
        {
            Problem = $"its stored plan cannot be read ({problem}); delete it and submit it again",
        };
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> SweepsAwaitingHalving() => database.Query(db =>
    {
        var undecided = db.Jobs.Where(job => job.State == JobState.Parked && !job.EliminatedByHalving);

        // Starts from the few parked jobs, not from all sweeps.
        var sweepIds = undecided.Select(job => job.SweepId).Distinct();
        return db.Sweeps.AsNoTracking()
            .Where(sweep => !sweep.Withdrawn && sweepIds.Contains(sweep.Id))
            .OrderBy(sweep => sweep.Id)
            .Select(sweep => sweep.Name)
            .ToList();
    });

    /// <inheritdoc/>
    public IReadOnlyList<EndedSweep> SweepsAwaitingNotification() => database.Read(EndedSweeps.ReadUnnotified);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> SuspectWorkers(IReadOnlyDictionary<string, double> workers, int faults) =>
        database.Query(db => FaultyWorkers.Find(db, workers, faults));

    /// <inheritdoc/>
    public IReadOnlyList<string> ClaimableJobs(int limit, ClaimRequest? request = null) => database.Query(db =>
        ClaimQueries.NextIds(db, request is null ? ClaimQueries.FindClaimable(db) : ClaimQueries.FindFor(db, request), limit));

    // The specification is the longest part of a job, and snapshots of sweeps do not need it.
    private static readonly Expression<Func<JobRow, JobRow>> WithoutSpec = job => new JobRow
    {
        Id = job.Id,
        Stage = job.Stage,
        Title = job.Title,
        Spec = "",
        State = job.State,
        Attempt = job.Attempt,
        Faults = job.Faults,
        MaxAttempts = job.MaxAttempts,
        NotBefore = job.NotBefore,
        Rung = job.Rung,
        EliminatedByHalving = job.EliminatedByHalving,
        Worker = job.Worker,
        Error = job.Error,
        Step = job.Step,
        Epoch = job.Epoch,
        Epochs = job.Epochs,
        Loss = job.Loss,
        StepsPerSecond = job.StepsPerSecond,
        AcceptedAttempt = job.AcceptedAttempt,
        ManifestDigest = job.ManifestDigest,
    };

    private static SweepSnapshot SnapshotOf(JobContext db, SweepRow sweep)
    {
        var links = db.SweepJobs.AsNoTracking().Where(link => link.SweepId == sweep.Id);
        var ids = links.Select(link => link.JobId);
        var jobs = db.Jobs.AsNoTracking().Where(job => ids.Contains(job.Id)).Select(WithoutSpec).ToDictionary(job => job.Id);
        var parents = FindParents(db, ids);
        var points = LastPoints(db, ids);
        JobSnapshot CreateSnapshot(SweepJobRow link)
        {
            var lastPoint = points.GetValueOrDefault(link.JobId);
            var snapshot = JobSnapshots.Create(jobs[link.JobId], lastPoint, parents.GetValueOrDefault(link.JobId, []));
            return snapshot with { Arm = link.Arm, Fold = link.Fold };
        }

        var snapshots = WaitingNotes.Annotate([.. links.OrderBy(link => link.Position).AsEnumerable().Select(CreateSnapshot)]);
        var state = JobStateCounts.From(snapshots).DeriveState(sweep.Withdrawn);
        return new SweepSnapshot(sweep.Name, sweep.Definition, state, snapshots) { Terms = sweep.Terms, Submitted = sweep.Submitted };
    }

    // Joined by job, so that the database seeks the last point of each job instead of scanning all points.
    private static Dictionary<string, PointRow> LastPoints(JobContext db, IQueryable<string> ids) =>
        (from job in db.Jobs.AsNoTracking()
         where ids.Contains(job.Id)
         from point in db.Points
         where point.JobId == job.Id
             && point.Epoch == db.Points.Where(other => other.JobId == job.Id).Max(other => other.Epoch)
         select point).AsNoTracking().ToDictionary(point => point.JobId);

    private static PointRow? LastPoint(JobContext db, string jobId) =>
        db.Points.AsNoTracking().Where(row => row.JobId == jobId).OrderBy(row => row.Epoch).LastOrDefault();

    private static Dictionary<string, List<string>> FindParents(JobContext db, IEnumerable<string> ids)
    {
        var links = db.Parents.AsNoTracking().Where(link => ids.Contains(link.JobId)).OrderBy(link => link.Position).ToList();
        return links
            .GroupBy(link => link.JobId)
            .ToDictionary(parents => parents.Key, parents => parents.Select(link => link.ParentId).ToList());
    }
}
