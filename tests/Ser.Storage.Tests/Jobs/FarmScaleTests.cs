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

    [Fact]
    public void A_claim_and_an_offer_look_up_no_job_for_sweeps_that_have_finished()
    {
        var farm = PostgresJobs.Open(_test.ConnectionString);
        farm.Jobs.Sweeps.Submit(OneJob.Sweep("open", "A", "B"));
        const string Columns = "\"Name\", \"Definition\", \"Withdrawn\", \"Submitted\", \"Priority\", \"Weight\", \"KeepWeights\", "
            + "\"Version\", \"ResultVersion\"";
        _test.Run($"INSERT INTO sweeps ({Columns}) "
            + "SELECT 'done ' || n, '{}', false, 0, 0, 1, false, 0, 0 FROM generate_series(1, 1000) n");
        _test.Run("ANALYZE");
        long before = CountScans();

        Assert.Single(farm.Reads.ClaimableJobs(1));
        Assert.NotNull(farm.Jobs.Leases.Claim(new ClaimRequest("w", [OneJob.Stage])));
        Assert.Empty(farm.Reads.SweepsAwaitingHalving());
        Npgsql.NpgsqlConnection.ClearAllPools();
        long during = 0;
        Assert.True(SpinWait.SpinUntil(() => (during = CountScans() - before) > 0, TimeSpan.FromSeconds(30)));
        Assert.InRange(during, 1, 100);
    }

    // With few jobs the planner may prefer to scan the table; both count, since a look-up for each sweep would be a thousand of either.
    private long CountScans() => long.Parse(
        _test.Read("SELECT seq_scan + idx_scan FROM pg_stat_user_tables WHERE relname = 'jobs'"),
        System.Globalization.CultureInfo.InvariantCulture);
}
