using Ser.Domain.Jobs;
using Ser.Storage.Jobs;
using Ser.TestSupport;

namespace Ser.Storage.Tests.Jobs;

/// <summary>A large sweep on PostgreSQL. `ser bench farm` measures times; these tests check what the times depend on.</summary>
public sealed class FarmScaleTests : IDisposable
{
    private readonly TestDatabase _test = new();

    public FarmScaleTests() => PostgresJobs.Migrate(_test.ConnectionString);

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Thirty_thousand_jobs_are_submitted_at_once_and_claims_find_the_best_by_the_index()
    {
        var farm = PostgresJobs.Open(_test.ConnectionString);
        Assert.Equal(new SubmissionOutcome(30_000, 0, 0), farm.Jobs.Sweeps.Submit(BenchPlan.Create("large", 30_000)));
        _test.Run("ANALYZE; SET enable_seqscan = on");

        Assert.Equal("First 0", farm.Jobs.Leases.Claim(new ClaimRequest("w", ["First", "Second"]))!.Title);

        // A connection reports its statistics when it ends.
        Npgsql.NpgsqlConnection.ClearAllPools();
        const string Scans = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'IX_jobs_open'";
        Assert.True(SpinWait.SpinUntil(() => _test.Read(Scans) != "0", TimeSpan.FromSeconds(30)));
        Assert.Equal(15_000, farm.Reads.Sweep("large").Count(JobState.Waiting));
        Assert.Equal(new SubmissionOutcome(30_000, 0, 0), farm.Jobs.Sweeps.Submit(BenchPlan.Create("large", 30_000)));
        Assert.Equal(29_999, farm.Jobs.Sweeps.CancelSweep("large") - 1);
    }
}
