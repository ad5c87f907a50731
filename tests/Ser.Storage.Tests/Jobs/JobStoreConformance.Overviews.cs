using Ser.Domain.Jobs;

namespace Ser.Storage.Tests.Jobs;

public abstract partial class JobStoreConformance
{
    [Fact]
    public void An_overview_has_counts_of_folds_states_and_owners()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("done", "A") with { Terms = new SweepTerms { Owner = "ann", Priority = 2, Weight = 3 } });
        while (Claim(store) is { } job)
        {
            Finish(store, job);
        }

        store.Sweeps.Submit(Plans.Sweep("stuck", "B", "C"));
        for (int i = 0; i < JobTransitions.MaxAttempts; i++)
        {
            store.Leases.Fault(store.Leases.Claim(new ClaimRequest("w", ["Train"], "stuck"))!.Lease, "boom", "");
        }

        while (Claim(store) is { } job)
        {
            Finish(store, job);
        }

        store.Sweeps.Submit(Plans.Sweep("shared", "A", "D"));
        var running = Claim(store)!;
        store.Sweeps.Submit(Plans.Sweep("gone", "E"));
        store.Sweeps.CancelSweep("gone");

        var all = Reads().Overviews();
        Assert.Equal(["done", "stuck", "shared", "gone"], all.Select(sweep => sweep.Name));
        Assert.Equal([SweepState.Done, SweepState.Failed, SweepState.Unfinished, SweepState.Cancelled], all.Select(sweep => sweep.State));
        var counts = all.Select(sweep => (sweep.Folds, sweep.Done, sweep.Failed, sweep.Running));
        Assert.Equal([(1, 1, 0, 0), (2, 1, 1, 0), (2, 1, 0, 1), (1, 0, 0, 0)], counts);
        Assert.All(all, sweep => Assert.Equal(1, sweep.Arms));
        Assert.Equal(("ann", 2, 3.0), (all[0].Terms.Owner, all[0].Terms.Priority, all[0].Terms.Weight));
        Assert.Null(all[1].Terms.Owner);
        Assert.All(all, sweep => Assert.True(sweep.Submitted > 0));
        Assert.True(all[0].Ended >= all[0].Started);
        Assert.NotNull(all[1].Ended);
        Assert.Null(all[2].Ended);
        Assert.Null(all[3].Started);
        double spent = Reads().Attempts(running.Lease.JobId).Single().Started - all[2].Started!.Value;
        Assert.InRange(all[2].Times.UsedSeconds, 0, spent + 3600);
        Assert.Equal(all[0].Times.UsedSeconds, SecondsOf("done"), 6);
        Assert.Equal(all[1].Times.UsedSeconds, SecondsOf("stuck"), 6);
        Assert.Equal(0, all[3].Times.UsedSeconds);
        foreach (var sweep in all)
        {
            Assert.Equal(Reads().Sweep(sweep.Name).State, sweep.State);
        }

        double SecondsOf(string sweep)
        {
            var attempts = Reads().Sweep(sweep).Jobs.SelectMany(job => Reads().Attempts(job.Id));
            return attempts.Sum(attempt => attempt.Ended!.Value - attempt.Started);
        }
    }

    [Fact]
    public void A_sweep_whose_waiting_jobs_wait_for_failed_ones_alone_is_over_and_one_with_another_fold_is_not()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B"));
        for (int i = 0; i < JobTransitions.MaxAttempts; i++)
        {
            store.Leases.Fault(Claim(store)!.Lease, "boom", "");
        }

        Assert.Equal(SweepState.Unfinished, State());
        var train = Claim(store)!;
        Assert.Equal("Train B", train.Title);
        store.Leases.Complete(train.Lease, "digest");
        Assert.Equal(SweepState.Unfinished, State());
        store.Acceptance.Accept(store.Acceptance.CompletedResults().Single());
        while (Claim(store) is { } job)
        {
            Finish(store, job);
        }

        Assert.Equal(SweepState.Failed, State());
        store.Sweeps.RetryJob(Plans.Id("Train", "A"));
        Assert.Equal(SweepState.Unfinished, State());

        SweepState State() => Reads().Overviews().Single().State;
    }

    [Fact]
    public void Newly_accepted_results_are_distinguished_from_running_jobs()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B"));
        var first = Claim(store)!;
        Finish(store, first);
        long before = Accepted();
        var second = Claim(store)!;
        Assert.Equal(before, Accepted());
        Finish(store, second);
        long both = Accepted();
        Assert.NotEqual(before, both);
        Assert.True(store.Sweeps.Discard(Reads().Job(second.Lease.JobId).Result!));
        Finish(store, store.Leases.Claim(new ClaimRequest("w", [second.Stage]))!);
        Assert.NotEqual(both, Accepted());

        long Accepted() => Reads().Overviews().Single().ResultsVersion;
    }

    [Fact]
    public void The_version_changes_with_every_visible_change_and_only_then()
    {
        var store = Store();
        long last = Reads().Version();
        Changes(() => store.Sweeps.Submit(Plans.Sweep("one", "A")));
        Changes(() => store.Sweeps.Submit(Plans.Sweep("two", "B")));
        Changes(() => store.Sweeps.Submit(Plans.Sweep("two", "B") with { Terms = new SweepTerms { Owner = "ann" } }));
        Changes(() => store.Sweeps.Submit(Plans.Sweep("two", "B") with { Terms = new SweepTerms { Owner = "ann", Priority = 1 } }));
        Changes(() => store.Sweeps.Submit(Plans.Sweep("two", "B") with { Terms = new SweepTerms { Owner = "ann", Weight = 2 } }));
        long two = Reads().Version("two");
        ClaimedJob job = null!;
        Changes(() => job = store.Leases.Claim(new ClaimRequest("w", ["Train"], "one"))!);
        Changes(() => store.Leases.Renew(job.Lease, new StageProgress(7, 0), []));
        Changes(() => store.Leases.Renew(job.Lease, new StageProgress(7, 1), [Point(1, 0.5)]));
        Changes(() => store.Leases.Fault(job.Lease, "boom", ""));
        Changes(() => job = store.Leases.Claim(new ClaimRequest("w", ["Train"], "one"))!);
        Changes(() => Finish(store, job));
        Changes(() => store.Sweeps.CancelSweep("one"));
        Changes(() => store.Sweeps.ResumeSweep("one"));
        Assert.Equal(two, Reads().Version("two"));
        Assert.NotEqual(two, Reads().Version("one"));

        void Changes(Action change)
        {
            Assert.Equal(last, Reads().Version());
            change();
            long now = Reads().Version();
            Assert.True(now > last, $"{now} after {last}");
            last = now;
        }
    }

    [Fact]
    public void Opposite_changes_do_not_cancel_each_other_in_the_version()
    {
        var store = Store();
        SweepPlan Plan(string sweep, string arm, string owner, int priority, double weight) =>
            Plans.Sweep(sweep, arm) with { Terms = new SweepTerms { Owner = owner, Priority = priority, Weight = weight } };

        store.Sweeps.Submit(Plan("one", "A", "ann", 1, 1));
        store.Sweeps.Submit(Plan("two", "B", "christopher", 1, 1));
        var versions = new List<long> { Reads().Version() };
        var versionsOfOne = new List<long> { Reads().Version("one") };
        void Record()
        {
            versions.Add(Reads().Version());
            versionsOfOne.Add(Reads().Version("one"));
        }

        // The weight rises by three and the priority falls by one.
        store.Sweeps.Submit(Plan("one", "A", "ann", 0, 4));
        Record();

        // Two owners of different lengths change places.
        store.Sweeps.Submit(Plan("two", "B", "ann", 1, 1));
        store.Sweeps.Submit(Plan("one", "A", "christopher", 0, 4));
        Record();

        // A job with a long history is replaced by one without.
        var job = store.Leases.Claim(new ClaimRequest("w", ["Train"], "one"))!;
        for (int step = 1; step < 9; step++)
        {
            store.Leases.Renew(job.Lease, new StageProgress(step, 0), []);
        }

        Record();
        store.Sweeps.Submit(Plan("one", "C", "christopher", 0, 4));
        Record();

        Assert.Equal(versions.Distinct().Order(), versions);
        Assert.Equal(versionsOfOne.Distinct().Order(), versionsOfOne);
    }

    [Fact]
    public void Logs_completions_checkpoints_and_notifications_raise_the_version_and_a_renewal_without_news_does_not()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var job = Claim(store)!;
        var progress = new StageProgress(7, 0);
        AssertRaises(() => store.Leases.Renew(job.Lease, progress, []));
        long before = Reads().Version("one");
        store.Leases.Renew(job.Lease, progress, []);
        store.Leases.Renew(job.Lease, null, []);
        Assert.Equal(before, Reads().Version("one"));
        AssertRaises(() => store.Leases.RecordLog(job.Lease, "line"));
        AssertRaises(() => store.Leases.RecordCheckpoint(job.Lease, "key"));
        AssertRaises(() => store.Leases.Complete(job.Lease, "digest"));
        AssertRaises(() => store.Acceptance.Accept(store.Acceptance.CompletedResults()));
        AssertRaises(() => store.Sweeps.CancelSweep("one"));
        AssertRaises(() => store.Notifications.RecordNotification("one", SweepState.Cancelled));

        void AssertRaises(Action change)
        {
            long last = Reads().Version("one");
            change();
            Assert.True(Reads().Version("one") > last);
        }
    }

    [Fact]
    public void Times_are_of_accepted_attempts_and_what_is_left_is_known_once_every_stage_to_come_has_a_result()
    {
        var store = Store();
        Assert.Equal(SweepTimes.None, Reads().Times("one"));
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B"));
        Assert.Equal((0.0, null), (Reads().Times("one").UsedSeconds, Reads().Times("one").RemainingSeconds));
        store.Leases.Fault(Claim(store)!.Lease, "boom", "");
        for (int i = 0; i < 3; i++)
        {
            Assert.Null(Reads().Times("one").RemainingSeconds);
            Finish(store, Claim(store)!);
        }

        var running = Claim(store)!;
        store.Leases.Renew(running.Lease, new StageProgress(5, 1, 4), []);
        var attempts = Reads().Sweep("one").Jobs.ToDictionary(job => job.Id, job => Reads().Attempts(job.Id));
        var times = Reads().Times("one");
        Assert.Equal(["Evaluate", "Store", "Train"], times.Stages.Select(stage => stage.Stage));
        var counts = times.Stages.Select(stage => (stage.Done, stage.Open, stage.Trained, stage.Running));
        Assert.Equal([(1, 1, 0.0, 0), (1, 1, 0.0, 0), (1, 1, 0.25, 1)], counts);
        var accepted = attempts.Values.SelectMany(of => of).Where(attempt => attempt.Outcome == AttemptOutcome.Accepted).ToList();
        Assert.Equal(accepted.Sum(attempt => attempt.Ended!.Value - attempt.Started), times.Stages.Sum(stage => stage.DoneSeconds), 6);
        Assert.True(times.UsedSeconds >= times.Stages.Sum(stage => stage.DoneSeconds));
        double train = times.Stages[2].MeanSeconds!.Value;
        double later = times.Stages[0].MeanSeconds!.Value + times.Stages[1].MeanSeconds!.Value;
        Assert.Equal(later + (0.75 * train), times.RemainingSeconds!.Value, 9);
        Assert.Equal(times.RemainingSeconds, times.SecondsUntilDone);
        Assert.Equal(1.5 * train, times.EstimateSeconds([("Train", 1), ("Train", 0.5)])!.Value, 9);
        Assert.Null(times.EstimateSeconds([("Project", 1)]));
        Assert.Equal(times.Stages, Reads().Overviews().Single().Times.Stages);
    }
}
