using Ser.Domain.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>Pages of the list of sweeps, and the sweeps that have open jobs.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void A_page_has_the_newest_sweeps_and_the_first_one_also_older_ones_with_open_jobs()
    {
        var store = Store();
        foreach (string name in new[] { "a", "b", "c", "d" })
        {
            store.Sweeps.Submit(OneJob.Sweep(name, name));
        }

        foreach (string done in new[] { "a", "c", "d" })
        {
            Finish(store, store.Leases.Claim(new ClaimRequest("w", [OneJob.Stage], done))!);
        }

        string[] Names(int skip, int take) => [.. Reads().RecentSweeps(skip, take).Sweeps.Select(sweep => sweep.Name)];
        Assert.Equal(4, Reads().RecentSweeps(0, 1).Total);
        Assert.Equal(["b", "d"], Names(0, 1));
        Assert.Equal(["b", "c"], Names(1, 2));
        Assert.Equal(["a", "b", "c", "d"], Names(0, 10));
        Assert.Equal(["a", "b", "c", "d"], Reads().SweepNames());
        Assert.Null(Reads().FindSweep("e"));
        Assert.Equal(SweepState.Done, Reads().FindSweep("a")!.State);
    }
}
