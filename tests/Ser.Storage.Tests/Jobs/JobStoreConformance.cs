using Ser.Domain.Jobs;
using Ser.Storage.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>
/// What every implementation of the job store's ports and of <see cref="IJobReads"/> must do; each port has its file.
/// No test waits for time to pass: a lease of length -1 has expired when it begins.
/// </summary>
public abstract partial class JobStoreConformance
{
    private static readonly LeaseSettings ExpiredLeases = new(Seconds: -1, PulseGapSeconds: 1e9);

    private static readonly WorkerCapabilities Small = new("cpu", 16, ["old"]);

    /// <summary>The store under test. Each call opens another client of the same store.</summary>
    protected abstract JobPorts Store(LeaseSettings? leases = null);

    protected abstract IJobReads Reads();

    private static ClaimedJob? Claim(JobPorts store) => store.Leases.Claim(new ClaimRequest("w", Plans.Stages));

    private static void Finish(JobPorts store, ClaimedJob job)
    {
        store.Leases.Complete(job.Lease, $"digest of {job.Title}");
        Assert.True(store.Acceptance.Accept(store.Acceptance.CompletedResults().Single()));
    }

    private protected static EpochPoint Point(int epoch, double ua) => new(epoch, 1.5, 1.25, 0.5, 1.75, 0.5, ua, 1e-4, 1L << 32);

    private static double Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>Sets every job's earliest start to the past.</summary>
    protected abstract void SkipPauses();

    // Long enough that no lease expires by itself, however slow the machine is.
    private JobPorts Patient() => Store(new LeaseSettings(Seconds: 3600));
}
