using System.Collections.Concurrent;
using Ser.Domain.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>Which result becomes the result of its job: <see cref="IResultAcceptance"/>.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void Of_two_results_of_a_job_exactly_one_is_accepted()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var slow = Claim(Store(ExpiredLeases))!;
        var quick = Claim(store)!;
        store.Leases.Complete(slow.Lease, "slow");
        store.Leases.Complete(quick.Lease, "quick");
        Assert.Equal(["slow", "quick"], store.Acceptance.CompletedResults().Select(result => result.ManifestDigest));

        Assert.Equal([true, false], store.Acceptance.CompletedResults().Select(store.Acceptance.Accept).ToList());
        Assert.Equal(new JobResult(slow.Lease.JobId, "Train", 1, "slow"), Reads().Job(slow.Lease.JobId).Result);
        var outcomes = Reads().Attempts(slow.Lease.JobId).Select(attempt => attempt.Outcome);
        Assert.Equal([AttemptOutcome.Accepted, AttemptOutcome.Superseded], outcomes);
        Assert.Empty(store.Acceptance.CompletedResults());
        Assert.False(store.Leases.Renew(quick.Lease, null, []));
    }

    [Fact]
    public void A_result_that_was_not_completed_is_not_accepted_and_no_dependant_reads_it()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var job = Claim(store)!;
        var made = new JobResult(job.Lease.JobId, job.Stage, job.Lease.Attempt, "digest");
        Assert.False(store.Acceptance.Accept(made));

        Assert.False(store.Leases.Complete(job.Lease with { Worker = "another" }, "another's"));
        Assert.False(store.Acceptance.Accept(made with { ManifestDigest = "another's" }));
        Assert.True(store.Leases.Complete(job.Lease, "digest"));
        Assert.True(store.Leases.Complete(job.Lease, "digest"));
        Assert.False(store.Leases.Complete(job.Lease, "second thoughts"));
        Assert.False(store.Acceptance.Accept(made with { ManifestDigest = "second thoughts" }));
        Assert.False(store.Acceptance.Accept(made with { Attempt = 2 }));
        Assert.Null(Claim(store));
        Assert.Empty(Reads().Results([job.Lease.JobId]));

        Assert.True(store.Acceptance.Accept(made));
        Assert.False(store.Acceptance.Accept(made));
        Assert.Equal([new JobResult(job.Lease.JobId, "Train", 1, "digest")], Claim(store)!.Parents);
    }

    [Fact]
    public void A_rejected_result_is_not_charged_and_the_job_runs_again()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        store.Leases.Complete(Claim(store)!.Lease, "broken");
        var broken = store.Acceptance.CompletedResults().Single();
        store.Acceptance.Reject(broken, "a file is gone");
        store.Acceptance.Reject(broken, "a second rejection changes nothing");
        Assert.Equal(AttemptOutcome.Faulted, Reads().Attempts(broken.JobId)[0].Outcome);

        var again = store.Leases.Claim(new ClaimRequest("other", Plans.Stages))!;
        Assert.Equal((2, 0), (again.Lease.Attempt, Reads().Job(again.Lease.JobId).Faults));
        Assert.Equal("a file is gone", Reads().Attempts(again.Lease.JobId)[0].Why);
    }

    [Fact]
    public void Another_worker_with_the_same_attempt_number_changes_nothing()
    {
        // A database that was restored to a few seconds ago gives an attempt number to a second worker.
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var job = Claim(store)!;
        var other = job.Lease with { Worker = "ghost" };
        var before = Reads().Job(job.Lease.JobId);

        Assert.False(store.Leases.Renew(other, new StageProgress(7, 1, 2), [Point(1, 0.5)]));
        Assert.False(store.Leases.RecordCheckpoint(other, "checkpoint"));
        Assert.False(store.Leases.Fault(other, "broken", ""));
        Assert.False(store.Leases.Release(other, "stopped", ""));
        Assert.False(store.Leases.Snooze(other, "no memory", ""));
        Assert.False(store.Leases.Park(other, ""));
        Assert.False(store.Leases.Complete(other, "digest"));
        store.Leases.RecordLog(other, "lines of the ghost");

        var after = Reads().Job(job.Lease.JobId);
        Assert.Equal(before with { After = after.After }, after);
        Assert.Empty(Reads().LearningCurve(job.Lease.JobId));
        Assert.NotEqual("lines of the ghost", Reads().Attempts(job.Lease.JobId).Single().Log);
        Assert.True(store.Leases.Renew(job.Lease, null, []));
    }

    [Fact]
    public void Dependants_see_the_accepted_attempt_and_no_other()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var lost = Claim(Store(ExpiredLeases))!;
        var held = Claim(store)!;
        store.Leases.Complete(held.Lease, "held");
        Assert.Null(Claim(store));
        store.Acceptance.Accept(store.Acceptance.CompletedResults().Single());
        store.Leases.Complete(lost.Lease, "late");
        store.Acceptance.Accept(store.Acceptance.CompletedResults().Single());

        Assert.Equal([new JobResult(held.Lease.JobId, "Train", 2, "held")], Claim(store)!.Parents);
        Assert.Null(store.Leases.LatestCheckpoint(held.Lease.JobId));
    }

    [Fact]
    public void A_result_that_comes_after_cancelling_is_accepted()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var job = Claim(store)!;
        Assert.Equal(3, store.Sweeps.CancelSweep("one"));
        Assert.False(store.Leases.Renew(job.Lease, null, []));
        Assert.Equal(SweepState.Cancelled, Reads().Sweep("one").State);

        store.Leases.Complete(job.Lease, "digest");
        Assert.True(store.Acceptance.Accept(store.Acceptance.CompletedResults().Single()));
        Assert.Equal([JobState.Done, JobState.Cancelled, JobState.Cancelled], Reads().Sweep("one").Jobs.Select(other => other.State));
        Assert.Null(Claim(store));
        Assert.Equal(new SubmissionOutcome(3, 1, 2), store.Sweeps.Submit(Plans.Sweep("one", "A")));
        Assert.Equal("Store A", Claim(store)!.Title);
    }

    [Fact]
    public void Two_acceptances_that_race_are_one()
    {
        Patient().Sweeps.Submit(Plans.Sweep("one", "A"));
        Patient().Leases.Complete(Claim(Patient())!.Lease, "digest");
        var result = Patient().Acceptance.CompletedResults().Single();
        bool[] accepted = new bool[4];
        Concurrently.Run(4, index => accepted[index] = Patient().Acceptance.Accept(result));

        Assert.Single(accepted, true);
    }

    [Fact]
    public void Of_results_of_two_attempts_that_race_one_is_accepted_and_dependants_read_that_one()
    {
        Patient().Sweeps.Submit(Plans.Sweep("one", [.. Enumerable.Range(0, 10).Select(fold => $"F{fold}")]));
        var slow = Store(ExpiredLeases).Leases.Claim(new ClaimRequest("slow", ["Train"]), 10);
        var quick = Patient().Leases.Claim(new ClaimRequest("quick", ["Train"]), 10);
        Patient().Leases.Complete([.. slow.Concat(quick).Select(job => new PublishedResult(job.Lease, job.Lease.Worker))]);
        var offered = Patient().Acceptance.CompletedResults();
        var accepted = new ConcurrentBag<JobResult>();
        Concurrently.Run(2, attempt =>
        {
            foreach (var result in offered.Where(result => result.Attempt == attempt + 1))
            {
                Patient().Acceptance.Accept([result]).ToList().ForEach(accepted.Add);
            }
        });

        Assert.Equal((20, 10), (offered.Count, accepted.Count));
        var dependants = Patient().Leases.Claim(new ClaimRequest("w", ["Store"]), 20);
        var parents = dependants.Select(job => job.Parents.Single()).Select(parent => (parent.JobId, parent.Attempt));
        Assert.Equal(accepted.Select(result => (result.JobId, result.Attempt)).Order(), parents.Order());
        Assert.Empty(Patient().Acceptance.CompletedResults());
    }

    [Fact]
    public void Parents_that_are_done_at_the_same_time_release_their_dependant()
    {
        for (int round = 0; round < 10; round++)
        {
            var plan = Plans.Joined($"round {round}", 4);
            Patient().Sweeps.Submit(plan);
            var parents = Patient().Leases.Claim(new ClaimRequest("w", ["Train"]), 4);
            Patient().Leases.Complete([.. parents.Select(job => new PublishedResult(job.Lease, "digest"))]);
            var offered = Patient().Acceptance.CompletedResults();
            Concurrently.Run(4, at => Assert.True(Patient().Acceptance.Accept(offered[at])));

            Assert.Equal(plan.Jobs[^1].Job.Id, Patient().Leases.Claim(new ClaimRequest("w", ["Evaluate"]))?.Lease.JobId);
        }
    }
}
