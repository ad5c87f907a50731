using Ser.Domain.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>Jobs that wait for a comparison of arms: <see cref="IParkedJobs"/>.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void A_job_parks_where_arms_are_compared_and_goes_on_or_stays()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B").With(new JobHints { Rungs = [2, 4] }));
        var a = Claim(store)!;
        var b = Claim(store)!;
        Assert.Equal((2, 2), (a.PauseAfter, b.PauseAfter));
        store.Leases.Renew(a.Lease, new StageProgress(9, 2, 6), [Point(2, 0.5) with { Right = [3, 1], Of = [4, 2] }]);
        var point = Reads().LearningCurve(a.Lease.JobId).Single();
        Assert.Equal([3, 1], point.Right);
        Assert.Equal([4, 2], point.Of);
        store.Leases.RecordCheckpoint(a.Lease, "half way");
        Assert.True(store.Leases.Park(a.Lease, "the log"));
        Assert.False(store.Leases.Park(a.Lease, "the log"));
        Assert.False(store.Leases.Renew(a.Lease, null, []));
        Assert.Null(Claim(store));
        var parked = Reads().Job(a.Lease.JobId);
        Assert.Equal((JobState.Parked, false), (parked.State, parked.EliminatedByHalving));
        Assert.Equal(SweepState.Unfinished, Reads().Sweep("one").State);
        Assert.Equal(["one"], Reads().SweepsAwaitingHalving());
        var attempt = Reads().Attempts(a.Lease.JobId).Single();
        Assert.Equal((AttemptOutcome.Parked, "the log"), (attempt.Outcome, attempt.Log));

        store.Leases.Park(b.Lease, "");
        Assert.Equal(SweepState.Unfinished, Reads().Overviews().Single().State);
        Assert.Equal(1, store.Parked.Promote([a.Lease.JobId], 1));
        store.Parked.Eliminate([b.Lease.JobId, a.Lease.JobId], "place 2 of 2");
        Assert.Empty(Reads().SweepsAwaitingHalving());
        var again = Claim(store)!;
        Assert.Equal((a.Lease.JobId, 2, 4), (again.Lease.JobId, again.Lease.Attempt, again.PauseAfter));
        Assert.Equal("half way", store.Leases.LatestCheckpoint(a.Lease.JobId));
        Finish(store, again);
        Finish(store, Claim(store)!);
        Assert.Empty(Reads().SweepsAwaitingNotification());
        Finish(store, Claim(store)!);
        Assert.Null(Claim(store));
        var end = Reads().Sweep("one");
        Assert.Equal((SweepState.Done, SweepState.Done), (end.State, Reads().Overviews().Single().State));
        var ended = Reads().SweepsAwaitingNotification().Single() with { Ended = null };
        Assert.Equal(new EndedSweep("one", SweepState.Done, 6, 3, 0, null), ended);
        Assert.Equal(("place 2 of 2", "waiting for parked Train B"), (end.Jobs[3].Error, end.Jobs[4].WaitsFor));

        // A sweep without halving needs the whole job: it continues and does not stop again.
        store.Sweeps.Submit(Plans.Sweep("two", "B"));
        Assert.Equal((b.Lease.JobId, null), (Claim(store) is { } whole ? (whole.Lease.JobId, whole.PauseAfter) : default));
        Assert.Equal(SweepState.Unfinished, Reads().Sweep("one").State);
    }

    [Fact]
    public void A_job_that_a_sweep_without_halving_needs_does_not_stay_parked_in_either_order()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("halved", "A", "B").With(new JobHints { Rungs = [2] }));
        var running = Claim(store)!;
        store.Sweeps.Submit(Plans.Sweep("whole", "A", "B"));
        store.Leases.RecordCheckpoint(running.Lease, "half way");
        Assert.True(store.Leases.Park(running.Lease, ""));
        Assert.Empty(Reads().SweepsAwaitingHalving());
        var again = Claim(store)!;
        Assert.Equal((running.Lease.JobId, 2, null), (again.Lease.JobId, again.Lease.Attempt, again.PauseAfter));
        Assert.Equal("half way", store.Leases.LatestCheckpoint(again.Lease.JobId));
        Assert.Null(Claim(store)!.PauseAfter);

        // If the sweep without halving comes first, the job never pauses.
        store.Sweeps.Submit(Plans.Sweep("first", "C"));
        store.Sweeps.Submit(Plans.Sweep("second", "C").With(new JobHints { Rungs = [2] }));
        Assert.Null(Claim(store)!.PauseAfter);
    }

    [Fact]
    public void What_is_parked_can_be_cancelled_and_resumed_from_where_it_was()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A").With(new JobHints { Rungs = [2] }));
        var job = Claim(store)!;
        store.Leases.RecordCheckpoint(job.Lease, "half way");
        store.Leases.Park(job.Lease, "");
        Assert.Equal(3, store.Sweeps.CancelSweep("one"));
        Assert.Equal(3, store.Sweeps.ResumeSweep("one"));
        var again = Claim(store)!;
        Assert.Equal((2, "half way"), (again.PauseAfter, store.Leases.LatestCheckpoint(again.Lease.JobId)));
    }
}
