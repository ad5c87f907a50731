using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>What the holder of a lease may do: <see cref="IJobLeases"/>.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void A_valid_lease_is_not_taken_and_an_expired_one_is()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var first = Claim(Store(ExpiredLeases))!;
        var second = Claim(store)!;

        Assert.Equal((1, 2), (first.Lease.Attempt, second.Lease.Attempt));
        Assert.Null(Claim(store));
        Assert.Equal([AttemptOutcome.Lost, AttemptOutcome.Running], Reads().Attempts(first.Lease.JobId).Select(attempt => attempt.Outcome));
    }

    [Fact]
    public void A_worker_that_lost_the_lease_writes_nothing()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var lost = Claim(Store(ExpiredLeases))!.Lease;
        var held = Claim(store)!.Lease;
        store.Leases.RecordCheckpoint(held, "the holder's");
        store.Leases.Renew(held, new StageProgress(7, 1, 9, 0.5, 3, Point(1, 0.6)), [Point(1, 0.6)]);

        Assert.False(store.Leases.Renew(lost, new StageProgress(1000, 8), [Point(1, 0.1), Point(8, 0.1)]));
        Assert.False(store.Leases.RecordCheckpoint(lost, "the loser's"));
        Assert.False(store.Leases.Fault(lost, "boom", ""));
        Assert.False(store.Leases.Release(lost, "stop", ""));
        Assert.Equal("the holder's", store.Leases.LatestCheckpoint(held.JobId));
        Assert.Equal([Point(1, 0.6)], Reads().LearningCurve(held.JobId));
        var job = Reads().Job(held.JobId);
        Assert.Equal((JobState.Running, 2, 0, 7L), (job.State, job.Attempt, job.Faults, job.Progress!.Step));
    }

    [Fact]
    public void A_renewal_carries_progress_and_replaces_the_points_it_makes_again()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var lease = Claim(store)!.Lease;
        Assert.True(store.Leases.Renew(lease, new StageProgress(20, 2, 5, 0.25, 4.5), [Point(1, 0.3), Point(2, 0.4)]));
        Assert.True(store.Leases.Renew(lease, null, []));
        Assert.True(store.Leases.Renew(lease, new StageProgress(25, 2, 5, 0.25, 4.5), [Point(2, 0.5)]));

        Assert.Equal([Point(1, 0.3), Point(2, 0.5)], Reads().LearningCurve(lease.JobId));
        Assert.Equal(new StageProgress(25, 2, 5, 0.25, 4.5, Point(2, 0.5)), Reads().Sweep("one").Jobs[0].Progress);
    }

    [Fact]
    public void A_renewal_keeps_an_expired_lease_that_was_not_taken()
    {
        Store().Sweeps.Submit(Plans.Sweep("one", "A"));
        var lease = Claim(Store(ExpiredLeases))!.Lease;

        Assert.True(Store().Leases.Renew(lease, null, []));
        Assert.Null(Claim(Store()));
    }

    [Fact]
    public void An_attempt_is_never_used_twice()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var attempts = new List<int>();
        void Next(JobPorts by, Action<Lease> end)
        {
            var lease = Claim(by)!.Lease;
            attempts.Add(lease.Attempt);
            end(lease);
        }

        Next(store, lease => store.Leases.Release(lease, "stop", ""));
        Next(store, lease => store.Leases.Fault(lease, "boom", ""));
        Next(Store(ExpiredLeases), _ => { });
        Next(store, _ => store.Supervision.ExpireLeases("gone"));
        Next(store, _ => store.Sweeps.CancelSweep("one"));
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        Next(store, lease => store.Leases.Fault(lease, "boom", ""));

        Assert.Equal([1, 2, 3, 4, 5, 6], attempts);
        Assert.Equal(attempts, Reads().Attempts(Plans.Id("Train", "A")).Select(attempt => attempt.Attempt));
    }

    [Fact]
    public void Three_faults_fail_a_job_and_its_dependants_name_it_and_a_retry_continues()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        for (int i = 0; i < JobTransitions.MaxAttempts; i++)
        {
            Assert.True(store.Leases.Fault(Claim(store)!.Lease, $"boom {i}", "line 1\nline 2"));
        }

        Assert.Null(Claim(store));
        var sweep = Reads().Sweep("one");
        Assert.Equal((SweepState.Failed, JobState.Failed, "boom 2"), (sweep.State, sweep.Jobs[0].State, sweep.Jobs[0].Error));
        Assert.Equal(["waiting for failed Train A", "waiting for failed Train A"], sweep.Jobs.Skip(1).Select(job => job.WaitsFor));
        Assert.Equal("line 1\nline 2", Reads().Attempts(sweep.Jobs[0].Id)[^1].Log);

        Assert.Equal(1, store.Sweeps.RetryJob(sweep.Jobs[2].Id));
        Assert.Equal((4, 0), (Claim(store)!.Lease.Attempt, Reads().Job(sweep.Jobs[0].Id).Faults));
        Assert.Throws<InputException>(() => store.Sweeps.RetryJob(sweep.Jobs[2].Id));
        Assert.Throws<InputException>(() => store.Sweeps.RetryJob("nobody"));
    }

    [Fact]
    public void Released_attempts_and_lost_leases_are_not_charged()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        for (int i = 0; i < 10; i++)
        {
            var lease = Claim(store)!.Lease;
            store.Leases.RecordCheckpoint(lease, $"{i}");
            _ = i % 2 == 0 ? store.Leases.Release(lease, "stop", "") ? 1 : 0 : store.Supervision.ExpireLeases("gone");
        }

        var job = Reads().Sweep("one").Jobs[0];
        Assert.Equal((JobState.Ready, 10, 0), (job.State, job.Attempt, job.Faults));
    }

    [Fact]
    public void A_transient_fault_is_not_charged_and_waits_longer_each_time_until_it_is_one()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B"));
        var job = Claim(store)!;
        Assert.True(store.Leases.Snooze(job.Lease, "out of memory", "the log"));
        Assert.False(store.Leases.Snooze(job.Lease, "out of memory", "the log"));
        var put = Reads().Job(job.Lease.JobId);
        Assert.Equal((JobState.Ready, 0, "out of memory"), (put.State, put.Faults, put.Error));
        Assert.InRange(put.NotBefore!.Value - Now, JobTransitions.SnoozeSeconds(0) - 3, JobTransitions.SnoozeSeconds(0) + 3);
        Assert.Equal("Train B", Claim(store)!.Title);
        Assert.Null(Claim(store));
        var attempt = Reads().Attempts(job.Lease.JobId).Single();
        Assert.Equal((AttemptOutcome.Snoozed, "the log"), (attempt.Outcome, attempt.Log));
        Assert.Equal([5.0, 10.0, 20.0, 300.0], new[] { 0, 1, 2, 100 }.Select(JobTransitions.SnoozeSeconds));

        // A retry by hand makes a job ready at once only if it has failed; until then it waits.
        for (int time = 1; time < JobTransitions.SnoozesPerFault; time++)
        {
            SkipPauses();
            Assert.True(store.Leases.Snooze(Claim(store)!.Lease, "out of memory", ""));
        }

        Assert.Equal((JobState.Ready, 1), (Reads().Job(job.Lease.JobId).State, Reads().Job(job.Lease.JobId).Faults));
    }

    [Fact]
    public void Log_lines_are_kept_while_an_attempt_runs_and_not_after()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var job = Claim(store)!;
        store.Leases.RecordLog(job.Lease, "one\ntwo");
        Assert.Equal("one\ntwo", Reads().Attempts(job.Lease.JobId).Single().Log);
        store.Leases.Release(job.Lease, "a stop", "three");
        store.Leases.RecordLog(job.Lease, "late");
        Assert.Equal("three", Reads().Attempts(job.Lease.JobId).Single().Log);
    }

    [Fact]
    public void Weights_are_kept_if_a_sweep_requires_it()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("keep", "A") with { Terms = new SweepTerms { KeepWeights = true } });
        store.Sweeps.Submit(Plans.Sweep("drop", "B"));
        foreach (string fold in new[] { "A", "B" })
        {
            var job = store.Leases.Claim(new ClaimRequest("w", ["Train"]))!;
            store.Leases.RecordCheckpoint(job.Lease, $"checkpoint of {job.Title}");
            Finish(store, job);
            Assert.Equal(job.Title.EndsWith('A') ? "checkpoint of Train A" : null, store.Leases.LatestCheckpoint(job.Lease.JobId));
        }
    }
}
