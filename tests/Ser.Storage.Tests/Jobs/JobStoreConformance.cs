using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>
/// What every implementation of <see cref="IJobStore"/> and <see cref="IJobReads"/> must do.
/// No test waits for time to pass: a lease of length -1 has expired when it begins.
/// </summary>
public abstract partial class JobStoreConformance
{
    private static readonly LeaseSettings ExpiredLeases = new(Seconds: -1, PulseGapSeconds: 1e9);

    /// <summary>The store under test. Each call opens another client of the same store.</summary>
    protected abstract IJobStore Store(LeaseSettings? leases = null);

    protected abstract IJobReads Reads();

    [Fact]
    public void Jobs_without_parents_are_ready_and_the_others_wait()
    {
        Assert.Equal(new SubmissionOutcome(6, 0, 0), Store().Submit(Plans.Sweep("one", "A", "B")));

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
        var wrong = Assert.Throws<InputException>(() => Store().Submit(orphan with { Jobs = [orphan.Jobs[1]] }));

        Assert.Contains("Store A", wrong.Message, StringComparison.Ordinal);
        Assert.Empty(Reads().Sweeps());
    }

    [Fact]
    public void A_folds_stages_run_close_together_and_the_earliest_sweep_first()
    {
        var store = Store();
        store.Submit(Plans.Sweep("early", "A", "B"));
        store.Submit(Plans.Sweep("late", "C"));
        var order = new List<string>();
        while (Claim(store) is { } job)
        {
            order.Add(job.Title);
            Finish(store, job);
        }

        Assert.Equal(["Train A", "Store A", "Evaluate A", "Train B", "Store B", "Evaluate B", "Train C", "Store C", "Evaluate C"], order);
        Assert.All(Reads().Sweeps(), sweep => Assert.Equal(SweepState.Done, sweep.State));
    }

    [Fact]
    public void A_claim_is_only_for_the_requested_stages_and_sweep()
    {
        var store = Store();
        store.Submit(Plans.Sweep("early", "A"));
        store.Submit(Plans.Sweep("late", "B"));

        Assert.Null(store.Claim(new ClaimRequest("w", ["Evaluate"])));
        Assert.Equal("Train B", store.Claim(new ClaimRequest("w", Plans.Stages, "late"))!.Title);
        Assert.Null(store.Claim(new ClaimRequest("w", Plans.Stages, "late")));
    }

    [Fact]
    public void A_valid_lease_is_not_taken_and_an_expired_one_is()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
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
        store.Submit(Plans.Sweep("one", "A"));
        var lost = Claim(Store(ExpiredLeases))!.Lease;
        var held = Claim(store)!.Lease;
        store.RecordCheckpoint(held, "the holder's");
        store.Renew(held, new StageProgress(7, 1, 9, 0.5, 3, Point(1, 0.6)), [Point(1, 0.6)]);

        Assert.False(store.Renew(lost, new StageProgress(1000, 8), [Point(1, 0.1), Point(8, 0.1)]));
        Assert.False(store.RecordCheckpoint(lost, "the loser's"));
        Assert.False(store.Fault(lost, "boom", ""));
        Assert.False(store.Release(lost, "stop", ""));
        Assert.Equal("the holder's", store.LatestCheckpoint(held.JobId));
        Assert.Equal([Point(1, 0.6)], Reads().LearningCurve(held.JobId));
        var job = Reads().Job(held.JobId);
        Assert.Equal((JobState.Running, 2, 0, 7L), (job.State, job.Attempt, job.Faults, job.Progress!.Step));
    }

    [Fact]
    public void A_renewal_carries_progress_and_replaces_the_points_it_makes_again()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
        var lease = Claim(store)!.Lease;
        Assert.True(store.Renew(lease, new StageProgress(20, 2, 5, 0.25, 4.5), [Point(1, 0.3), Point(2, 0.4)]));
        Assert.True(store.Renew(lease, null, []));
        Assert.True(store.Renew(lease, new StageProgress(25, 2, 5, 0.25, 4.5), [Point(2, 0.5)]));

        Assert.Equal([Point(1, 0.3), Point(2, 0.5)], Reads().LearningCurve(lease.JobId));
        Assert.Equal(new StageProgress(25, 2, 5, 0.25, 4.5, Point(2, 0.5)), Reads().Sweep("one").Jobs[0].Progress);
    }

    [Fact]
    public void A_renewal_keeps_an_expired_lease_that_was_not_taken()
    {
        Store().Submit(Plans.Sweep("one", "A"));
        var lease = Claim(Store(ExpiredLeases))!.Lease;

        Assert.True(Store().Renew(lease, null, []));
        Assert.Null(Claim(Store()));
    }

    [Fact]
    public void After_a_gap_in_the_pulse_no_lease_is_taken()
    {
        Store().Submit(Plans.Sweep("one", "A"));
        var lease = Claim(Store(ExpiredLeases))!.Lease;

        // For this client any pause since the last pulse is a gap.
        Assert.Null(Claim(Store(new LeaseSettings(8, PulseGapSeconds: -1))));
        Assert.True(Store().Renew(lease, null, []));
    }

    [Fact]
    public void An_attempt_is_never_used_twice()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
        var attempts = new List<int>();
        void Next(IJobStore by, Action<Lease> end)
        {
            var lease = Claim(by)!.Lease;
            attempts.Add(lease.Attempt);
            end(lease);
        }

        Next(store, lease => store.Release(lease, "stop", ""));
        Next(store, lease => store.Fault(lease, "boom", ""));
        Next(Store(ExpiredLeases), _ => { });
        Next(store, _ => store.ExpireLeases("gone"));
        Next(store, _ => store.CancelSweep("one"));
        store.Submit(Plans.Sweep("one", "A"));
        Next(store, lease => store.Fault(lease, "boom", ""));

        Assert.Equal([1, 2, 3, 4, 5, 6], attempts);
        Assert.Equal(attempts, Reads().Attempts(Plans.Id("Train", "A")).Select(attempt => attempt.Attempt));
    }

    [Fact]
    public void Three_faults_fail_a_job_and_its_dependants_name_it_and_a_retry_continues()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
        for (int i = 0; i < JobTransitions.MaxAttempts; i++)
        {
            Assert.True(store.Fault(Claim(store)!.Lease, $"boom {i}", "line 1\nline 2"));
        }

        Assert.Null(Claim(store));
        var sweep = Reads().Sweep("one");
        Assert.Equal((SweepState.Failed, JobState.Failed, "boom 2"), (sweep.State, sweep.Jobs[0].State, sweep.Jobs[0].Error));
        Assert.Equal(["waiting for failed Train A", "waiting for failed Train A"], sweep.Jobs.Skip(1).Select(job => job.WaitsFor));
        Assert.Equal("line 1\nline 2", Reads().Attempts(sweep.Jobs[0].Id)[^1].Log);

        Assert.Equal(1, store.RetryJob(sweep.Jobs[2].Id));
        Assert.Equal((4, 0), (Claim(store)!.Lease.Attempt, Reads().Job(sweep.Jobs[0].Id).Faults));
        Assert.Throws<InputException>(() => store.RetryJob(sweep.Jobs[2].Id));
        Assert.Throws<InputException>(() => store.RetryJob("nobody"));
    }

    [Fact]
    public void Released_attempts_and_lost_leases_are_not_charged()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
        for (int i = 0; i < 10; i++)
        {
            var lease = Claim(store)!.Lease;
            store.RecordCheckpoint(lease, $"{i}");
            _ = i % 2 == 0 ? store.Release(lease, "stop", "") ? 1 : 0 : store.ExpireLeases("gone");
        }

        var job = Reads().Sweep("one").Jobs[0];
        Assert.Equal((JobState.Ready, 10, 0), (job.State, job.Attempt, job.Faults));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_job_that_kills_its_machine_ends(bool taken)
    {
        var store = Store(ExpiredLeases);
        store.Submit(Plans.Sweep("one", "A"));
        int claims = 0;
        while (Claim(store) is not null)
        {
            claims++;
            _ = taken ? 0 : store.ExpireLeases("gone");
            Assert.True(claims <= 9, "no end of it");
        }

        Assert.Equal((9, JobState.Failed), (claims, Reads().Sweep("one").Jobs[0].State));
    }

    [Fact]
    public void Of_two_results_of_a_job_exactly_one_is_accepted()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
        var slow = Claim(Store(ExpiredLeases))!;
        var quick = Claim(store)!;
        store.Complete(slow.Lease, "slow");
        store.Complete(quick.Lease, "quick");
        Assert.Equal(["slow", "quick"], store.CompletedResults().Select(result => result.ManifestDigest));

        Assert.Equal([true, false], store.CompletedResults().Select(store.Accept).ToList());
        Assert.Equal(new AcceptedResult(slow.Lease.JobId, "Train", 1, "slow"), Reads().Job(slow.Lease.JobId).Result);
        var outcomes = Reads().Attempts(slow.Lease.JobId).Select(attempt => attempt.Outcome);
        Assert.Equal([AttemptOutcome.Accepted, AttemptOutcome.Superseded], outcomes);
        Assert.Empty(store.CompletedResults());
        Assert.False(store.Renew(quick.Lease, null, []));
    }

    [Fact]
    public void A_result_that_was_not_completed_is_not_accepted_and_no_dependant_reads_it()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
        var job = Claim(store)!;
        var made = new CompletedResult(job.Lease.JobId, job.Stage, job.Lease.Attempt, "digest");
        Assert.False(store.Accept(made));

        store.Complete(job.Lease with { Worker = "another" }, "another's");
        Assert.False(store.Accept(made with { ManifestDigest = "another's" }));
        store.Complete(job.Lease, "digest");
        store.Complete(job.Lease, "second thoughts");
        Assert.False(store.Accept(made with { ManifestDigest = "second thoughts" }));
        Assert.False(store.Accept(made with { Attempt = 2 }));
        Assert.Null(Claim(store));
        Assert.Empty(Reads().Results([job.Lease.JobId]));

        Assert.True(store.Accept(made));
        Assert.False(store.Accept(made));
        Assert.Equal([new AcceptedResult(job.Lease.JobId, "Train", 1, "digest")], Claim(store)!.Parents);
    }

    [Fact]
    public void Batches_are_claimed_best_first_and_accepted_together()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A", "B", "C"));
        var first = store.Claim(new ClaimRequest("w", Plans.Stages), 2);
        Assert.Equal(["Train A", "Train B"], first.Select(job => job.Title));
        store.Complete([.. first.Select(job => new PublishedResult(job.Lease, job.Title))]);
        var offered = store.CompletedResults();
        var forged = new CompletedResult(Plans.Id("Train", "C"), "Train", 1, "forged");
        Assert.Equal(offered.ToHashSet(), store.Accept([.. offered, forged, offered[0]]).ToHashSet());

        var second = store.Claim(new ClaimRequest("w", Plans.Stages), 10);
        Assert.Equal(["Store A", "Store B", "Train C"], second.Select(job => job.Title));
        Assert.Equal(["Train A", "Train B", ""], second.Select(job => job.Parents.SingleOrDefault()?.ManifestDigest ?? ""));
        Assert.Empty(store.Claim(new ClaimRequest("w", Plans.Stages), 10));
        Assert.Equal(1, Reads().Job(forged.JobId).Attempt);
    }

    [Fact]
    public void A_job_whose_result_is_offered_is_not_claimed_again()
    {
        var store = Store(ExpiredLeases);
        store.Submit(Plans.Sweep("one", "A"));
        var job = Claim(store)!;
        store.Complete(job.Lease, "digest");
        Assert.Null(Claim(store));
        store.ExpireLeases("gone");
        Assert.Null(Claim(store));

        Assert.True(store.Accept(store.CompletedResults().Single()));
        Assert.Equal("Store A", Claim(store)!.Title);
    }

    [Fact]
    public void A_rejected_result_is_charged_and_the_job_runs_again()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
        store.Complete(Claim(store)!.Lease, "broken");
        store.Reject(store.CompletedResults().Single(), "a file is gone");

        var again = Claim(store)!;
        Assert.Equal((2, 1), (again.Lease.Attempt, Reads().Job(again.Lease.JobId).Faults));
        Assert.Equal("a file is gone", Reads().Attempts(again.Lease.JobId)[0].Why);
    }

    [Fact]
    public void Dependants_see_the_accepted_attempt_and_no_other()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
        var lost = Claim(Store(ExpiredLeases))!;
        var held = Claim(store)!;
        store.Complete(held.Lease, "held");
        Assert.Null(Claim(store));
        store.Accept(store.CompletedResults().Single());
        store.Complete(lost.Lease, "late");
        store.Accept(store.CompletedResults().Single());

        Assert.Equal([new AcceptedResult(held.Lease.JobId, "Train", 2, "held")], Claim(store)!.Parents);
        Assert.Null(store.LatestCheckpoint(held.Lease.JobId));
    }

    [Fact]
    public void A_result_that_comes_after_cancelling_is_accepted()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
        var job = Claim(store)!;
        Assert.Equal(3, store.CancelSweep("one"));
        Assert.False(store.Renew(job.Lease, null, []));
        Assert.Equal(SweepState.Cancelled, Reads().Sweep("one").State);

        store.Complete(job.Lease, "digest");
        Assert.True(store.Accept(store.CompletedResults().Single()));
        Assert.Equal([JobState.Done, JobState.Cancelled, JobState.Cancelled], Reads().Sweep("one").Jobs.Select(other => other.State));
        Assert.Null(Claim(store));
        Assert.Equal(new SubmissionOutcome(3, 1, 2), store.Submit(Plans.Sweep("one", "A")));
        Assert.Equal("Store A", Claim(store)!.Title);
    }

    [Fact]
    public void A_second_run_reuses_and_an_overlapping_sweep_adds_only_what_is_new()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A", "B"));
        while (Claim(store) is { } job)
        {
            Finish(store, job);
        }

        Assert.Equal(new SubmissionOutcome(6, 6, 0), store.Submit(Plans.Sweep("one", "A", "B")));
        Assert.Equal(new SubmissionOutcome(6, 3, 0), store.Submit(Plans.Sweep("two", "B", "C")));
        Assert.Null(store.Claim(new ClaimRequest("w", Plans.Stages, "one")));
        Assert.Equal("Train C", Claim(store)!.Title);
    }

    [Fact]
    public void Cancelling_stops_only_jobs_that_no_other_active_sweep_needs()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A", "B"));
        store.Submit(Plans.Sweep("two", "B", "C"));
        Assert.Equal(3, store.CancelSweep("one"));
        Assert.Equal("Train B", Claim(store)!.Title);
        Assert.Equal(6, store.CancelSweep("two"));
        Assert.Null(Claim(store));
        Assert.Contains("one, two", Assert.Throws<InputException>(() => store.CancelSweep("three")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resuming_a_cancelled_sweep_makes_it_active_even_if_another_sweep_shares_its_jobs()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A", "B"));
        store.Submit(Plans.Sweep("two", "B"));
        store.CancelSweep("one");
        Assert.Equal(SweepState.Cancelled, Reads().Sweep("one").State);
        Assert.Null(store.Claim(new ClaimRequest("w", Plans.Stages, "one")));

        Assert.Equal(3, store.ResumeSweep("one"));
        Assert.Equal(SweepState.Unfinished, Reads().Sweep("one").State);
        string ClaimedTitle() => store.Claim(new ClaimRequest("w", Plans.Stages, "one"))!.Title;
        Assert.Equal(["Train A", "Train B"], [ClaimedTitle(), ClaimedTitle()]);
    }

    [Fact]
    public void A_discarded_result_is_made_again_and_only_the_accepted_one_can_be()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
        Finish(store, Claim(store)!);
        var accepted = Reads().Job(Plans.Id("Train", "A")).Result!;
        Assert.False(store.Discard(accepted with { Attempt = accepted.Attempt + 1 }));
        Assert.Equal(JobState.Done, Reads().Job(accepted.JobId).State);

        Assert.True(store.Discard(accepted));
        Assert.False(store.Discard(accepted));
        var again = store.Claim(new ClaimRequest("w", ["Train"]))!;
        Assert.Equal((accepted.JobId, accepted.Attempt + 1), (again.Lease.JobId, again.Lease.Attempt));
    }

    [Fact]
    public void Submitting_a_name_again_replaces_its_jobs()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A", "B"));
        store.Submit(Plans.Sweep("one", "B", "C"));

        Assert.Equal(["Train B", "Train C"], Reads().Sweep("one").Jobs.Where(job => job.Stage == "Train").Select(job => job.Title));
        Assert.Equal(JobState.Cancelled, Reads().Job(Plans.Id("Train", "A")).State);
    }

    [Fact]
    public void Retrying_a_job_of_a_cancelled_sweep_makes_the_sweep_active()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A"));
        store.CancelSweep("one");
        Assert.Equal(1, store.RetryJob(Plans.Id("Train", "A")));

        Assert.Equal("Train A", Claim(store)!.Title);
    }

    [Fact]
    public void Requests_are_taken_once_in_order()
    {
        RunnerRequest[] left = [new(RequestKind.CancelSweep, "one"), new(RequestKind.RetryJob, "a")];
        foreach (var request in left)
        {
            Store().AddRequest(request);
        }

        Assert.Equal(left, Store().TakeRequests());
        Assert.Empty(Store().TakeRequests());
    }

    [Fact]
    public void Jobs_are_counted_by_state()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A", "B"));
        Claim(store);
        var counts = Reads().CountsByState();
        Assert.Equal((1, 1), (counts[JobState.Ready], counts[JobState.Running]));
        Assert.Equal(Reads().Sweep("one").Count(JobState.Waiting), counts[JobState.Waiting]);
        Assert.False(counts.ContainsKey(JobState.Failed));
    }

    [Fact]
    public void Jobs_are_found_by_anything_and_only_a_page_of_them_is_read()
    {
        var store = Store();
        store.Submit(Plans.Sweep("early", "A", "B"));
        store.Submit(Plans.Sweep("late", "B", "C"));
        var job = Claim(store)!;
        store.Fault(job.Lease, "Loss is NaN", "");
        var all = Reads().SearchJobs(new JobQuery(), 0, 100);
        Assert.Equal(12, all.Total);
        Assert.Equal(["late", "early"], all.Lines.Select(line => line.Sweep).Distinct());
        Assert.Equal(all.Lines.Skip(3).Take(4), Reads().SearchJobs(new JobQuery(), 3, 4).Lines);
        Assert.Equal(["Train"], Found(new JobQuery("nan early")));
        Assert.Equal(["Train"], Found(new JobQuery(Worker: "w")));
        Assert.Empty(Found(new JobQuery(Worker: "nobody")));
        Assert.Equal(["Store", "Evaluate"], Found(new JobQuery("waiting", Sweep: "early")).Take(2));
        Assert.Equal(2, Found(new JobQuery(State: JobState.Ready, Stage: "Train", Sweep: "late")).Count);
        Assert.Equal(["Evaluate"], Found(new JobQuery(Plans.Id("Evaluate", "C")[..10])));
        Assert.Equal(["w"], Reads().WorkerNames());
        var running = Claim(store)!;
        var line = Reads().SearchJobs(new JobQuery(State: JobState.Running), 0, 10).Lines[0];
        Assert.Equal((running.Lease.JobId, "w"), (line.Id, line.Worker));
        Assert.InRange(line.LeaseLeft!.Value, 0.1, 8);
        Assert.NotNull(line.Started);

        IReadOnlyList<string> Found(JobQuery query) => [.. Reads().SearchJobs(query, 0, 100).Lines.Select(one => one.Stage)];
    }

    [Fact]
    public void Jobs_of_an_active_sweep_are_cancelled_and_continue_when_they_are_retried()
    {
        var store = Store();
        store.Submit(Plans.Sweep("one", "A", "B"));
        var running = Claim(store)!;
        string other = Plans.Id("Train", "B");
        Assert.Equal(new[] { other, running.Lease.JobId }.Order(), store.CancelJobs([running.Lease.JobId, other, "no such job"]).Order());
        Assert.False(store.Renew(running.Lease, null, []));
        Assert.Empty(store.CancelJobs([other]));
        Assert.Equal(SweepState.Cancelled, Reads().Sweep("one").State);
        Assert.Equal(AttemptOutcome.Cancelled, Reads().Attempts(running.Lease.JobId).Single().Outcome);
        Assert.Equal(1, store.RetryJob(other));
        Assert.Equal([other], Reads().ClaimableJobs(5));
        Assert.Equal(1, store.ResumeSweep("one"));
    }

    [Fact]
    public void What_was_done_is_kept_the_newest_first_and_is_found_by_its_words()
    {
        var at = new DateTimeOffset(2026, 11, 26, 12, 30, 0, 250, TimeSpan.Zero);
        AuditEntry[] acts =
        [
            new(at, "ann", "127.0.0.1", "cancel sweep one", 200, "it's wrong; DROP TABLE audit", null),
            new(at.AddSeconds(1), "bob", null, "retry jobs", 403, null, "a1 b2"),
        ];
        foreach (var act in acts)
        {
            Store().RecordAudit(act);
        }

        Assert.Equal(acts.Reverse(), Reads().SearchAudit(null, 0, 10).Entries);
        Assert.Equal([acts[0]], Reads().SearchAudit("ANN wrong", 0, 10).Entries);
        Assert.Equal([acts[1]], Reads().SearchAudit("b2", 0, 10).Entries);
        var page = Reads().SearchAudit(null, 1, 1);
        Assert.Equal((2, acts[0]), (page.Total, page.Entries.Single()));
    }

    [Fact]
    public void Unknown_names_are_reported()
    {
        Assert.Throws<InputException>(() => Reads().Sweep("one"));
        Store().Submit(Plans.Sweep("one", "A"));
        Assert.Contains("one", Assert.Throws<InputException>(() => Reads().Sweep("two")).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Reads().Job("x"));
        string id = Plans.Id("Train", "A");
        Assert.Equal(id, Reads().Job(id[..10]).Id);
        Assert.Equal([id], Reads().ClaimableJobs(5));
    }

    private static ClaimedJob? Claim(IJobStore store) => store.Claim(new ClaimRequest("w", Plans.Stages));

    private static void Finish(IJobStore store, ClaimedJob job)
    {
        store.Complete(job.Lease, $"digest of {job.Title}");
        Assert.True(store.Accept(store.CompletedResults().Single()));
    }

    private protected static EpochPoint Point(int epoch, double ua) => new(epoch, 1.5, 1.25, 0.5, 1.75, 0.5, ua, 1e-4, 1L << 32);
}
