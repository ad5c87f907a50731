using Ser.Domain.Jobs;
using Ser.TestSupport;

namespace Ser.Storage.Tests.Jobs;

/// <summary>Reads of many jobs take as many queries as reads of one.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void As_many_queries_read_50_running_jobs_as_one()
    {
        string[] folds = [.. Enumerable.Range(0, 50).Select(fold => $"F{fold:00}")];
        using var queries = new QueryCount();
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", folds));
        var running = store.Leases.Claim(new ClaimRequest("w", ["Train"]), folds.Length);
        foreach (var job in running)
        {
            store.Leases.Renew(job.Lease, new StageProgress(3, 2, 6, 0.5, 1.5), [Point(1, 0.5), Point(2, 0.25)]);
            store.Leases.RecordLog(job.Lease, "line");
        }

        string[] ids = [.. running.Select(job => job.Lease.JobId)];
        var reads = Reads();
        Action<string[]>[] batches =
        [
            some => reads.Jobs(some),
            some => reads.LearningCurves(some),
            some => reads.AttemptsByJob(some, withLogs: true),
            some => store.Leases.LatestCheckpoints(some),
        ];
        foreach (var batch in batches)
        {
            int forOne = queries.Of(() => batch([ids[0]]));
            Assert.InRange(forOne, 1, 4);
            Assert.Equal(forOne, queries.Of(() => batch(ids)));
        }
    }

    [Fact]
    public void As_many_statements_retry_20_jobs_as_one_and_look_for_ended_sweeps_and_suspect_workers()
    {
        using var queries = new QueryCount();
        var store = Store();
        var reads = Reads();
        string[] folds = [.. Enumerable.Range(0, 20).Select(fold => $"F{fold:00}")];
        store.Sweeps.Submit(Plans.Sweep("many", folds));
        store.Sweeps.CancelSweep("many");
        string[] ids = [.. reads.Sweep("many").Jobs.Where(job => job.Stage == "Train").Select(job => job.Id)];
        int forOne = queries.Of(() => Assert.Equal([ids[0]], store.Sweeps.RetryJobs([ids[0]])));
        Assert.Empty(store.Sweeps.RetryJobs([ids[0], "unknown"]));
        store.Sweeps.CancelSweep("many");
        Assert.Equal(forOne, queries.Of(() => Assert.Equal(ids.Order(), store.Sweeps.RetryJobs(ids).Order())));
        Assert.All(reads.Jobs(ids).Values, job => Assert.Equal(JobState.Ready, job.State));

        store.Sweeps.CancelSweep("many");
        int forOneSweep = queries.Of(() => Assert.Single(reads.SweepsAwaitingNotification()));
        foreach (string name in (string[])["second", "third"])
        {
            store.Sweeps.Submit(Plans.Sweep(name, name));
            store.Sweeps.CancelSweep(name);
        }

        Assert.Equal(forOneSweep, queries.Of(() => Assert.Equal(3, reads.SweepsAwaitingNotification().Count)));
        var workers = folds.ToDictionary(name => name, _ => 0.0);
        int forOneWorker = queries.Of(() => reads.SuspectWorkers(new Dictionary<string, double> { ["w"] = 0 }, 3));
        Assert.Equal(forOneWorker, queries.Of(() => reads.SuspectWorkers(workers, 3)));
    }

    [Fact]
    public void Jobs_read_together_are_those_that_are_read_alone()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B"));
        var first = Claim(store)!;
        store.Leases.Renew(first.Lease, new StageProgress(3, 2, 6, 0.5, 1.5), [Point(1, 0.5), Point(2, 0.25)]);
        store.Leases.Fault(first.Lease, "broken", "line");
        Claim(store);

        string[] ids = [.. Reads().Sweep("one").Jobs.Select(job => job.Id)];
        var jobs = Reads().Jobs([.. ids, "unknown"]);
        Assert.Equal(ids.Order(), jobs.Keys.Order());
        Assert.All(ids, id => Assert.Equivalent(Reads().Job(id), jobs[id], strict: true));
        Assert.Equal(0.25, jobs[first.Lease.JobId].Progress!.Point!.ValidationUa);

        var attempts = Reads().AttemptsByJob(ids, withLogs: true);
        Assert.Equal([1, 2], attempts[first.Lease.JobId].Select(attempt => attempt.Attempt));
        Assert.Equal("line", attempts[first.Lease.JobId].First().Log);
        Assert.Null(Reads().AttemptsByJob(ids, withLogs: false)[first.Lease.JobId].First().Log);
        Assert.Equal([1, 2], Reads().LearningCurves(ids)[first.Lease.JobId].Select(point => point.Epoch));
    }
}
