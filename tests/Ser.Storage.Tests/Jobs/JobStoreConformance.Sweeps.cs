using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>What operators do with sweeps and jobs: <see cref="ISweepCommands"/>.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void Jobs_without_parents_are_ready_and_the_others_wait()
    {
        Assert.Equal(new SubmissionOutcome(6, 0, 0), Store().Sweeps.Submit(Plans.Sweep("one", "A", "B")));

        var sweep = Reads().Sweep("one");
        JobState[] chain = [JobState.Ready, JobState.Waiting, JobState.Waiting];
        Assert.Equal([.. chain, .. chain], sweep.Jobs.Select(job => job.State));
        Assert.Equal([1, 1, 1, 2, 2, 2], sweep.Jobs.Select(job => job.Fold));
        Assert.Equal("""{"name":"one"}""", sweep.Definition);
        Assert.Equal(SweepState.Unfinished, sweep.State);
        var specs = Reads().Specs([Plans.Id("Train", "B"), "nonesuch"]);
        Assert.Equal((1, "B"), (specs.Count, specs[Plans.Id("Train", "B")]["fold"]!.GetValue<string>()));
    }

    [Fact]
    public void A_plan_whose_parent_is_missing_is_refused_and_nothing_is_stored()
    {
        var orphan = Plans.Sweep("one", "A");
        var wrong = Assert.Throws<InputException>(() => Store().Sweeps.Submit(orphan with { Jobs = [orphan.Jobs[1]] }));

        Assert.Contains("Store A", wrong.Message, StringComparison.Ordinal);
        Assert.Empty(Reads().Sweeps());
    }

    [Fact]
    public void A_second_run_reuses_and_an_overlapping_sweep_adds_only_what_is_new()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B"));
        while (Claim(store) is { } job)
        {
            Finish(store, job);
        }

        Assert.Equal(new SubmissionOutcome(6, 6, 0), store.Sweeps.Submit(Plans.Sweep("one", "A", "B")));
        Assert.Equal(new SubmissionOutcome(6, 3, 0), store.Sweeps.Submit(Plans.Sweep("two", "B", "C")));
        Assert.Null(store.Leases.Claim(new ClaimRequest("w", Plans.Stages, "one")));
        Assert.Equal("Train C", Claim(store)!.Title);
    }

    [Fact]
    public void Cancelling_stops_only_jobs_that_no_other_active_sweep_needs()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B"));
        store.Sweeps.Submit(Plans.Sweep("two", "B", "C"));
        Assert.Equal(3, store.Sweeps.CancelSweep("one"));
        Assert.Equal("Train B", Claim(store)!.Title);
        Assert.Equal(6, store.Sweeps.CancelSweep("two"));
        Assert.Null(Claim(store));
        var unknown = Assert.Throws<InputException>(() => store.Sweeps.CancelSweep("three"));
        Assert.Contains("one, two", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resuming_a_cancelled_sweep_makes_it_active_even_if_another_sweep_shares_its_jobs()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B"));
        store.Sweeps.Submit(Plans.Sweep("two", "B"));
        store.Sweeps.CancelSweep("one");
        Assert.Equal(SweepState.Cancelled, Reads().Sweep("one").State);
        Assert.Null(store.Leases.Claim(new ClaimRequest("w", Plans.Stages, "one")));

        Assert.Equal(3, store.Sweeps.ResumeSweep("one"));
        Assert.Equal(SweepState.Unfinished, Reads().Sweep("one").State);
        string ClaimedTitle() => store.Leases.Claim(new ClaimRequest("w", Plans.Stages, "one"))!.Title;
        Assert.Equal(["Train A", "Train B"], [ClaimedTitle(), ClaimedTitle()]);
    }

    [Fact]
    public void A_discarded_result_is_made_again_and_only_the_accepted_one_can_be()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        Finish(store, Claim(store)!);
        var accepted = Reads().Job(Plans.Id("Train", "A")).Result!;
        Assert.False(store.Sweeps.Discard(accepted with { Attempt = accepted.Attempt + 1 }));
        Assert.Equal(JobState.Done, Reads().Job(accepted.JobId).State);

        Assert.True(store.Sweeps.Discard(accepted));
        Assert.False(store.Sweeps.Discard(accepted));
        var again = store.Leases.Claim(new ClaimRequest("w", ["Train"]))!;
        Assert.Equal((accepted.JobId, accepted.Attempt + 1), (again.Lease.JobId, again.Lease.Attempt));
    }

    [Fact]
    public void Submitting_a_name_again_replaces_its_jobs()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B"));
        store.Sweeps.Submit(Plans.Sweep("one", "B", "C"));

        Assert.Equal(["Train B", "Train C"], Reads().Sweep("one").Jobs.Where(job => job.Stage == "Train").Select(job => job.Title));
        Assert.Equal(JobState.Cancelled, Reads().Job(Plans.Id("Train", "A")).State);
    }

    [Fact]
    public void Retrying_a_job_of_a_cancelled_sweep_makes_the_sweep_active()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        store.Sweeps.CancelSweep("one");
        Assert.Equal(1, store.Sweeps.RetryJob(Plans.Id("Train", "A")));

        Assert.Equal("Train A", Claim(store)!.Title);
    }

    [Fact]
    public void Jobs_of_an_active_sweep_are_cancelled_and_continue_when_they_are_retried()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B"));
        var running = Claim(store)!;
        string other = Plans.Id("Train", "B");
        var cancelled = store.Sweeps.CancelJobs([running.Lease.JobId, other, "no such job"]);
        Assert.Equal(new[] { other, running.Lease.JobId }.Order(), cancelled.Order());
        Assert.False(store.Leases.Renew(running.Lease, null, []));
        Assert.Empty(store.Sweeps.CancelJobs([other]));
        Assert.Equal(SweepState.Cancelled, Reads().Sweep("one").State);
        Assert.Equal(AttemptOutcome.Cancelled, Reads().Attempts(running.Lease.JobId).Single().Outcome);
        Assert.Equal(1, store.Sweeps.RetryJob(other));
        Assert.Equal([other], Reads().ClaimableJobs(5));
        Assert.Equal(1, store.Sweeps.ResumeSweep("one"));
    }

    [Fact]
    public void Sweeps_submitted_at_the_same_time_share_their_jobs_and_nothing_waits_for_ever()
    {
        Patient().Sweeps.Submit(Plans.Sweep("zero", "A", "B"));
        var running = Patient().Leases.Claim(new ClaimRequest("w", ["Train"]), 2);
        Patient().Leases.Complete([.. running.Select(job => new PublishedResult(job.Lease, "digest"))]);
        var offered = Patient().Acceptance.CompletedResults();

        // One thread accepts results meanwhile: the jobs that the others submit depend on them.
        Concurrently.Run(4, index =>
        {
            if (index == 3)
            {
                Patient().Acceptance.Accept(offered);
            }
            else
            {
                Patient().Sweeps.Submit(Plans.Sweep($"s{index}", "A", "B", "C", $"D{index}"));
            }
        });

        Assert.All(Enumerable.Range(0, 3), index => Assert.Equal(12, Reads().Sweep($"s{index}").Jobs.Count));
        var done = new HashSet<string>();
        while (Claim(Patient()) is { } job)
        {
            Assert.True(done.Add(job.Lease.JobId), $"{job.Title} was run twice");
            Finish(Patient(), job);
        }

        Assert.All(Reads().Sweeps(), sweep => Assert.Equal(SweepState.Done, sweep.State));
        Assert.Equal((6 * 3) - 2, done.Count);
    }

    [Fact]
    public void Workers_and_people_act_at_the_same_time_without_harm()
    {
        string[] folds = [.. Enumerable.Range(0, 12).Select(fold => $"F{fold}")];
        Patient().Sweeps.Submit(Plans.Sweep("one", folds));
        int left = 4;
        Concurrently.Run(6, thread =>
        {
            var store = Patient();
            if (thread < 4)
            {
                for (int idle = 0; idle < 20;)
                {
                    var jobs = store.Leases.Claim(new ClaimRequest($"w{thread}", Plans.Stages), 3);
                    idle = jobs.Count == 0 ? idle + 1 : 0;
                    jobs.ToList().ForEach(job => store.Leases.Renew(job.Lease, new StageProgress(1), []));
                    store.Leases.Complete([.. jobs.Select(job => new PublishedResult(job.Lease, "digest"))]);
                    store.Acceptance.Accept(store.Acceptance.CompletedResults());
                }

                Interlocked.Decrement(ref left);
            }

            while (Volatile.Read(ref left) > 0 && thread >= 4)
            {
                if (thread == 4)
                {
                    store.Sweeps.CancelSweep("one");
                    store.Sweeps.ResumeSweep("one");
                }
                else
                {
                    store.Sweeps.Submit(Plans.Sweep("two", [.. folds.Skip(6)]));
                }
            }
        });

        Patient().Sweeps.ResumeSweep("one");
        while (Claim(Patient()) is { } job)
        {
            Finish(Patient(), job);
        }

        var all = Reads().Sweep("one");
        Assert.Equal((SweepState.Done, 36), (all.State, all.Count(JobState.Done)));
        Assert.All(all.Jobs, job => Assert.Single(Reads().Attempts(job.Id), attempt => attempt.Outcome == AttemptOutcome.Accepted));
    }
}
