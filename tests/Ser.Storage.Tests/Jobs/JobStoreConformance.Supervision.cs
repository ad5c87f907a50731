using System.Collections.Concurrent;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>What becomes of leases that are not renewed: <see cref="ILeaseSupervision"/>.</summary>
public abstract partial class JobStoreConformance
{
    /// <summary>Moves every time in the store, as seen from its clock, into the future.</summary>
    protected abstract void StepClockBack(double seconds);

    [Fact]
    public void After_the_clock_stepped_back_leases_of_dead_workers_and_pauses_end_as_soon_as_ever()
    {
        const double Hour = 3600;
        var store = Store();
        store.Sweeps.Submit(OneJob.Sweep("one", "A", "B"));
        var dead = store.Leases.Claim(new ClaimRequest("dead/1", [OneJob.Stage]))!;
        var snoozed = store.Leases.Claim(new ClaimRequest("w/1", [OneJob.Stage]))!;
        store.Leases.Snooze(snoozed.Lease, "for a while", "");
        store.Supervision.RecordHeartbeat();
        StepClockBack(Hour);

        // Restarts every lease, with a length that has already passed.
        Store(new LeaseSettings(Seconds: -1, PulseGapSeconds: 5)).Supervision.RecordHeartbeat();
        var claimed = Patient().Leases.Claim(new ClaimRequest("w/1", [OneJob.Stage]), 2);
        Assert.Equal([dead.Lease.JobId, snoozed.Lease.JobId], claimed.Select(job => job.Lease.JobId));
    }

    [Fact]
    public void After_a_gap_in_the_pulse_no_lease_is_taken()
    {
        Store().Sweeps.Submit(Plans.Sweep("one", "A"));
        var lease = Claim(Store(ExpiredLeases))!.Lease;

        // For this client any pause since the last pulse is a gap.
        Assert.Null(Claim(Store(new LeaseSettings(8, PulseGapSeconds: -1))));
        Assert.True(Store().Leases.Renew(lease, null, []));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_job_that_kills_its_machine_ends(bool taken)
    {
        var store = Store(ExpiredLeases);
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        int claims = 0;
        while (Claim(store) is not null)
        {
            claims++;
            _ = taken ? 0 : store.Supervision.ExpireLeases("gone");
            Assert.True(claims <= 9, "no end of it");
        }

        Assert.Equal((9, JobState.Failed), (claims, Reads().Sweep("one").Jobs[0].State));
    }

    [Fact]
    public void Claims_of_expired_leases_that_race_take_each_once()
    {
        Patient().Sweeps.Submit(Plans.Sweep("one", [.. Enumerable.Range(0, 20).Select(fold => $"F{fold}")]));
        Store(ExpiredLeases).Leases.Claim(new ClaimRequest("lost", ["Train"]), 20);
        var claimed = new ConcurrentBag<ClaimedJob>();
        Concurrently.Run(4, worker =>
        {
            var store = Patient();
            while (store.Leases.Claim(new ClaimRequest($"w{worker}", ["Train"]), 3) is { Count: > 0 } jobs)
            {
                jobs.ToList().ForEach(claimed.Add);
            }
        });

        Assert.Equal(20, claimed.Select(job => job.Lease.JobId).Distinct().Count());
        Assert.Equal((20, 2), (claimed.Count, claimed.Max(job => job.Lease.Attempt)));
    }

    [Fact]
    public void After_an_outage_no_claim_takes_jobs_whose_workers_could_not_renew()
    {
        Patient().Sweeps.Submit(Plans.Sweep("one", [.. Enumerable.Range(0, 8).Select(fold => $"F{fold}")]));
        var held = Store(ExpiredLeases).Leases.Claim(new ClaimRequest("holder", ["Train"]), 8);

        // With this setting any pause since the last pulse counts as an outage in which no worker could renew.
        var taken = new ConcurrentBag<ClaimedJob>();
        Concurrently.Run(4, worker =>
        {
            var store = Store(new LeaseSettings(3600, PulseGapSeconds: -1));
            store.Leases.Claim(new ClaimRequest($"w{worker}", ["Train"]), 8).ToList().ForEach(taken.Add);
        });

        Assert.Empty(taken);
        Assert.All(held, job => Assert.True(Patient().Leases.Renew(job.Lease, null, [])));
        Assert.Null(Patient().Leases.Claim(new ClaimRequest("w", ["Train"])));
    }
}
