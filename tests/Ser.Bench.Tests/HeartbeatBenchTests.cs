using Ser.Bench.Farm;
using Ser.Storage.Jobs;
using Ser.TestSupport;

namespace Ser.Bench.Tests;

public sealed class HeartbeatBenchTests : IDisposable
{
    private readonly TestDatabase _test = new();

    public HeartbeatBenchTests() => PostgresJobs.Migrate(_test.ConnectionString);

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Workers_keep_their_leases_in_the_bench_of_heartbeats()
    {
        var figures = HeartbeatBench.Run(_test.ConnectionString, 20, TimeSpan.FromSeconds(2), _ => { });

        Assert.Equal((20, 0), (figures.Workers, figures.Lost));
        Assert.InRange(figures.LateMsP95, figures.LateMsP50, figures.LateMsMax);
    }
}
