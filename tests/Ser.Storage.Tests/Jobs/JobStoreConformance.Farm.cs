using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>Which worker gets which job, and what becomes of jobs that fail.</summary>
public abstract partial class JobStoreConformance
{
    private static double Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private static readonly WorkerCapabilities Small = new("cpu", 16, ["old"]);

    [Fact]
    public void The_sweep_of_highest_priority_is_next()
    {
        var store = Store();
        store.Submit(Plans.Sweep("early", "A", "B"));
        store.Submit(Plans.Sweep("late", "C") with { Terms = new SweepTerms { Priority = 1, Owner = "ann" } });
        Assert.Equal("Train C", Claim(store)!.Title);
        Assert.Equal("Train A", Claim(store)!.Title);

        var terms = Reads().Sweep("late").Terms;
        Assert.Equal((1, "ann", 1.0, false), (terms.Priority, terms.Owner, terms.Weight, terms.KeepWeights));
        Assert.Equal(["early", "late"], Reads().Overviews().Select(sweep => sweep.Name));
        Assert.Equal(terms, Reads().Overviews()[1].Terms);
        Assert.InRange(Reads().Sweep("late").Submitted, Now - 60, Now + 60);
        store.Submit(Plans.Sweep("late", "C"));
        Assert.Equal(0, Reads().Sweep("late").Terms.Priority);
    }

    [Fact]
    public void Sweeps_of_one_priority_share_by_weight()
    {
        var store = Store();
        store.Submit(Plans.Sweep("light", [.. Enumerable.Range(0, 12).Select(fold => $"L{fold}")]));
        var heavy = Plans.Sweep("heavy", [.. Enumerable.Range(0, 12).Select(fold => $"H{fold}")]);
        store.Submit(heavy with { Terms = new SweepTerms { Weight = 2 } });
        var one = Enumerable.Range(0, 6).Select(_ => Claim(store)!.Title).ToList();
        Assert.Equal((2, 4), (one.Count(title => title.Contains('L')), one.Count(title => title.Contains('H'))));
        var six = store.Claim(new ClaimRequest("w", Plans.Stages), 6).Select(job => job.Title).ToList();
        Assert.Equal((2, 4), (six.Count(title => title.Contains('L')), six.Count(title => title.Contains('H'))));
        Assert.Equal(12, store.Claim(new ClaimRequest("w", Plans.Stages), 100).Count);
    }

    [Fact]
    public void A_job_goes_only_to_workers_that_have_what_it_needs()
    {
        var store = Store();
        store.Submit(Plans.Sweep("gpu", "A").With(new JobHints { Needs = new JobNeeds("cuda", 24, ["nvlink"]) }));
        store.Submit(Plans.Sweep("any", "B"));
        var ready = Reads().ReadyNeeds();
        Assert.Equal([(1, "cuda with 24 GiB with the label nvlink"), (1, "nothing in particular")], ready.Select(needs => (needs.Value, WorkerMatching.Describe(needs.Key))).OrderBy(needs => needs.Item2));
        Domain.Workers.WorkerInfo[] workers = [new() { Name = "small", Instance = "i", Host = "h", Device = "cpu", MemoryGiB = 16, Slots = 1 }];
        Assert.Equal("1 ready job needs cuda with 24 GiB with the label nvlink, which no worker has", WorkerMatching.DescribeUnmetNeeds(ready, workers));
        Assert.Empty(WorkerMatching.FindUnfitWorkers(ready, workers));
        Assert.Equal(2, Reads().ClaimableJobs(5).Count);
        Assert.Equal([Plans.Id("Train", "B")], Reads().ClaimableJobs(5, new ClaimRequest("w", Plans.Stages) { Capabilities = Small }));
        Assert.Equal("Train B", store.Claim(new ClaimRequest("w", Plans.Stages) { Capabilities = Small })!.Title);
        Assert.Null(store.Claim(new ClaimRequest("w", Plans.Stages) { Capabilities = Small }));
        Assert.Null(store.Claim(new ClaimRequest("w", Plans.Stages) { Capabilities = new WorkerCapabilities("cuda", 16, ["nvlink"]) }));
        Assert.Null(store.Claim(new ClaimRequest("w", Plans.Stages) { Capabilities = new WorkerCapabilities("cuda", 80, []) }));
        var able = new WorkerCapabilities("cuda", 80, ["a", "nvlink"]);
        Assert.Equal("Train A", store.Claim(new ClaimRequest("w", Plans.Stages) { Capabilities = able })!.Title);

        // Submitted again with smaller needs, the job needs less.
        store.Submit(Plans.Sweep("small", "C").With(new JobHints { Needs = new JobNeeds("cuda", 24, []) }));
        store.Submit(Plans.Sweep("small", "C").With(new JobHints { MaxAttempts = 1 }));
        var claimed = store.Claim(new ClaimRequest("w", Plans.Stages) { Capabilities = Small })!;
        Assert.Equal("Train C", claimed.Title);
        store.Fault(claimed.Lease, "broken", "");
        Assert.Equal((JobState.Failed, 1), (Reads().Job(claimed.Lease.JobId).State, Reads().Job(claimed.Lease.JobId).MaxAttempts));
    }

    [Fact]
    public void Inputs_at_hand_decide_where_nothing_else_does()
    {
        var store = Store();
        SweepJob[] Of(string fold, string corpus) => [.. Plans.Sweep("x", fold).With(new JobHints { Reads = [corpus] }).Jobs];
        store.Submit(new SweepPlan("two", "{}", [.. Of("A", "one"), .. Of("B", "other")]));
        store.Submit(new SweepPlan("three", "{}", Of("C", "other")));
        var holder = new ClaimRequest("w", Plans.Stages) { CachedInputs = ["other", "weights"] };
        Assert.Equal("Train B", store.Claim(holder)!.Title);
        Assert.Equal("Train C", store.Claim(holder)!.Title);
        Assert.Equal("Train A", store.Claim(holder)!.Title);
    }

    [Fact]
    public void What_failed_on_one_worker_is_tried_on_another_if_there_is_one()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
        var first = store.Claim(new ClaimRequest("a/1", Plans.Stages))!;
        store.Fault(first.Lease, "broken", "line");
        Assert.Null(store.Claim(new ClaimRequest("a/2", Plans.Stages) { IsOnlyWorker = false }));
        var second = store.Claim(new ClaimRequest("b/1", Plans.Stages) { IsOnlyWorker = false })!;
        store.Fault(second.Lease, "broken", "line");
        Assert.Equal(3, store.Claim(new ClaimRequest("b/1", Plans.Stages))!.Lease.Attempt);
    }

    [Fact]
    public void A_transient_fault_is_not_charged_and_waits_longer_each_time_until_it_is_one()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A", "B"));
        var job = Claim(store)!;
        Assert.True(store.Snooze(job.Lease, "out of memory", "the log"));
        Assert.False(store.Snooze(job.Lease, "out of memory", "the log"));
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
            Assert.True(store.Snooze(Claim(store)!.Lease, "out of memory", ""));
        }

        Assert.Equal((JobState.Ready, 1), (Reads().Job(job.Lease.JobId).State, Reads().Job(job.Lease.JobId).Faults));
    }

    [Fact]
    public void Log_lines_are_kept_while_an_attempt_runs_and_not_after()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
        var job = Claim(store)!;
        store.RecordLog(job.Lease, "one\ntwo");
        Assert.Equal("one\ntwo", Reads().Attempts(job.Lease.JobId).Single().Log);
        store.Release(job.Lease, "a stop", "three");
        store.RecordLog(job.Lease, "late");
        Assert.Equal("three", Reads().Attempts(job.Lease.JobId).Single().Log);
    }

    [Fact]
    public void Weights_are_kept_if_a_sweep_requires_it()
    {
        var store = Store();
        store.Submit(Plans.Sweep("keep", "A") with { Terms = new SweepTerms { KeepWeights = true } });
        store.Submit(Plans.Sweep("drop", "B"));
        foreach (string fold in new[] { "A", "B" })
        {
            var job = store.Claim(new ClaimRequest("w", ["Train"]))!;
            store.RecordCheckpoint(job.Lease, $"checkpoint of {job.Title}");
            Finish(store, job);
            Assert.Equal(job.Title.EndsWith('A') ? "checkpoint of Train A" : null, store.LatestCheckpoint(job.Lease.JobId));
        }
    }

    [Fact]
    public void A_worker_on_which_everything_fails_is_suspected_if_others_finish_jobs()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A", "B", "C", "D"));
        var both = new Dictionary<string, double> { ["bad"] = 0, ["good"] = 0 };
        for (int time = 0; time < 3; time++)
        {
            Assert.Empty(Reads().SuspectWorkers(both, 3));
            var job = store.Claim(new ClaimRequest("bad/1", Plans.Stages), 3)[time];
            store.Fault(job.Lease, $"disk full {time}", "");
            var running = Reads().Sweep("one").Jobs.Where(other => other.State == JobState.Running);
            foreach (string id in running.Select(other => other.Id).ToList())
            {
                store.Release(new Lease(id, Reads().Job(id).Attempt, "bad/1"), "", "");
            }
        }

        Assert.Empty(Reads().SuspectWorkers(both, 3)); // the experiment may be at fault: no worker has finished a job
        Finish(store, store.Claim(new ClaimRequest("good/1", Plans.Stages))!);
        Assert.Equal(["bad"], Reads().SuspectWorkers(both, 3).Keys);
        Assert.Equal("disk full 2", Reads().SuspectWorkers(both, 3)["bad"]);
        Assert.Empty(Reads().SuspectWorkers(new Dictionary<string, double> { ["bad"] = Now + 60, ["good"] = 0 }, 3));
        Finish(store, store.Claim(new ClaimRequest("bad/1", Plans.Stages))!);
        Assert.Empty(Reads().SuspectWorkers(both, 3));
    }

    [Fact]
    public void A_job_parks_where_arms_are_compared_and_goes_on_or_stays()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A", "B").With(new JobHints { Rungs = [2, 4] }));
        var a = Claim(store)!;
        var b = Claim(store)!;
        Assert.Equal((2, 2), (a.PauseAfter, b.PauseAfter));
        store.Renew(a.Lease, new StageProgress(9, 2, 6), [Point(2, 0.5) with { Right = [3, 1], Of = [4, 2] }]);
        var point = Reads().LearningCurve(a.Lease.JobId).Single();
        Assert.Equal([3, 1], point.Right);
        Assert.Equal([4, 2], point.Of);
        store.RecordCheckpoint(a.Lease, "half way");
        Assert.True(store.Park(a.Lease, "the log"));
        Assert.False(store.Park(a.Lease, "the log"));
        Assert.False(store.Renew(a.Lease, null, []));
        Assert.Null(Claim(store));
        var parked = Reads().Job(a.Lease.JobId);
        Assert.Equal((JobState.Parked, false, SweepState.Unfinished), (parked.State, parked.EliminatedByHalving, Reads().Sweep("one").State));
        Assert.Equal(["one"], Reads().SweepsAwaitingHalving());
        var attempt = Reads().Attempts(a.Lease.JobId).Single();
        Assert.Equal((AttemptOutcome.Parked, "the log"), (attempt.Outcome, attempt.Log));

        store.Park(b.Lease, "");
        Assert.Equal(SweepState.Unfinished, Reads().Overviews().Single().State);
        Assert.Equal(1, store.Promote([a.Lease.JobId], 1));
        store.Eliminate([b.Lease.JobId, a.Lease.JobId], "place 2 of 2");
        Assert.Empty(Reads().SweepsAwaitingHalving());
        var again = Claim(store)!;
        Assert.Equal((a.Lease.JobId, 2, 4), (again.Lease.JobId, again.Lease.Attempt, again.PauseAfter));
        Assert.Equal("half way", store.LatestCheckpoint(a.Lease.JobId));
        Finish(store, again);
        Finish(store, Claim(store)!);
        Assert.Empty(Reads().SweepsAwaitingNotification());
        Finish(store, Claim(store)!);
        Assert.Null(Claim(store));
        var end = Reads().Sweep("one");
        Assert.Equal((SweepState.Done, SweepState.Done), (end.State, Reads().Overviews().Single().State));
        Assert.Equal(new EndedSweep("one", SweepState.Done, 6, 3, 0, null), Reads().SweepsAwaitingNotification().Single() with { Ended = null });
        Assert.Equal(("place 2 of 2", "waiting for parked Train B"), (end.Jobs[3].Error, end.Jobs[4].WaitsFor));

        // A sweep without halving needs the whole job: it continues and does not stop again.
        store.Submit(Plans.Sweep("two", "B"));
        Assert.Equal((b.Lease.JobId, null), (Claim(store) is { } whole ? (whole.Lease.JobId, whole.PauseAfter) : default));
        Assert.Equal(SweepState.Unfinished, Reads().Sweep("one").State);
    }

    [Fact]
    public void A_job_that_a_sweep_without_halving_needs_does_not_stay_parked_in_either_order()
    {
        var store = Store();
        store.Submit(Plans.Sweep("halved", "A", "B").With(new JobHints { Rungs = [2] }));
        var running = Claim(store)!;
        store.Submit(Plans.Sweep("whole", "A", "B"));
        store.RecordCheckpoint(running.Lease, "half way");
        Assert.True(store.Park(running.Lease, ""));
        Assert.Empty(Reads().SweepsAwaitingHalving());
        var again = Claim(store)!;
        Assert.Equal((running.Lease.JobId, 2, null), (again.Lease.JobId, again.Lease.Attempt, again.PauseAfter));
        Assert.Equal("half way", store.LatestCheckpoint(again.Lease.JobId));
        Assert.Null(Claim(store)!.PauseAfter);

        // If the sweep without halving comes first, the job never pauses.
        store.Submit(Plans.Sweep("first", "C"));
        store.Submit(Plans.Sweep("second", "C").With(new JobHints { Rungs = [2] }));
        Assert.Null(Claim(store)!.PauseAfter);
    }

    [Fact]
    public void What_is_parked_can_be_cancelled_and_resumed_from_where_it_was()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A").With(new JobHints { Rungs = [2] }));
        var job = Claim(store)!;
        store.RecordCheckpoint(job.Lease, "half way");
        store.Park(job.Lease, "");
        Assert.Equal(3, store.CancelSweep("one"));
        Assert.Equal(3, store.ResumeSweep("one"));
        var again = Claim(store)!;
        Assert.Equal((2, "half way"), (again.PauseAfter, store.LatestCheckpoint(again.Lease.JobId)));
    }

    /// <summary>Sets every job's earliest start to the past.</summary>
    protected abstract void SkipPauses();
}
