using Ser.Dashboard.Pages.Workers;
using Ser.Domain.Jobs;
using Ser.Storage.Data;
using Ser.Storage.Jobs;
using Ser.TestSupport;

namespace Ser.Dashboard.Tests.Pages;

/// <summary>Reading the workers page.</summary>
public sealed class WorkersSnapshotTests
{
    [Fact]
    public void The_page_needs_as_many_queries_for_50_running_jobs_as_for_one()
    {
        using var queries = new QueryCount();
        using var folder = new TemporaryFolder();
        using var data = DataFolder.OpenAsRunner(folder.At("data"), "test", new LeaseSettings(Seconds: 36_000));
        var stores = new DashboardStores(data.Reads, data.Artifacts, null);
        data.Jobs.Sweeps.Submit(BenchPlan.Create("running", 100));

        ClaimAndReport(data.Jobs.Leases, 1);
        int forOne = CountQueries(queries, stores, running: 1);
        Assert.InRange(forOne, 1, 20);
        ClaimAndReport(data.Jobs.Leases, 49);
        Assert.Equal(forOne, CountQueries(queries, stores, running: 50));
    }

    private static int CountQueries(QueryCount counter, DashboardStores stores, int running)
    {
        WorkersSnapshot? snapshot = null;
        int queries = counter.Of(() => snapshot = WorkersSnapshot.Read(stores, TimeProvider.System));
        Assert.Equal((running, running, running), (snapshot!.Running.Count, snapshot.Memory.Count, snapshot.StepsPerSecond.Count));
        return queries;
    }

    private static void ClaimAndReport(IJobLeases leases, int count)
    {
        foreach (var job in leases.Claim(new ClaimRequest("w/1", ["First"]), count))
        {
            var point = new EpochPoint(1, 1.5, 1.25, 0.5, 1.75, 0.5, 0.5, 1e-4, 1L << 32);
            leases.Renew(job.Lease, new StageProgress(3, 1, 6, 0.5, 1.5), [point]);
        }
    }
}
