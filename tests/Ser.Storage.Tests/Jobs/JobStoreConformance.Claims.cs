using System.Collections.Concurrent;
using Ser.Domain.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>Which worker gets which job: <see cref="IJobLeases.Claim"/>.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void A_folds_stages_run_close_together_and_the_earliest_sweep_first()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("early", "A", "B"));
        store.Sweeps.Submit(Plans.Sweep("late", "C"));
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
        store.Sweeps.Submit(Plans.Sweep("early", "A"));
        store.Sweeps.Submit(Plans.Sweep("late", "B"));

        Assert.Null(store.Leases.Claim(new ClaimRequest("w", ["Evaluate"])));
        Assert.Equal("Train B", store.Leases.Claim(new ClaimRequest("w", Plans.Stages, "late"))!.Title);
        Assert.Null(store.Leases.Claim(new ClaimRequest("w", Plans.Stages, "late")));
    }

    [Fact]
    public void The_sweep_of_highest_priority_is_next()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("early", "A", "B"));
        store.Sweeps.Submit(Plans.Sweep("late", "C") with { Terms = new SweepTerms { Priority = 1, Owner = "ann" } });
        Assert.Equal("Train C", Claim(store)!.Title);
        Assert.Equal("Train A", Claim(store)!.Title);

        var terms = Reads().Sweep("late").Terms;
        Assert.Equal((1, "ann", 1.0, false), (terms.Priority, terms.Owner, terms.Weight, terms.KeepWeights));
        Assert.Equal(["early", "late"], Reads().Overviews().Select(sweep => sweep.Name));
        Assert.Equal(terms, Reads().Overviews()[1].Terms);
        Assert.InRange(Reads().Sweep("late").Submitted, Now - 60, Now + 60);
        store.Sweeps.Submit(Plans.Sweep("late", "C"));
        Assert.Equal(0, Reads().Sweep("late").Terms.Priority);
    }

    [Fact]
    public void Sweeps_of_one_priority_share_by_weight()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("light", [.. Enumerable.Range(0, 12).Select(fold => $"L{fold}")]));
        var heavy = Plans.Sweep("heavy", [.. Enumerable.Range(0, 12).Select(fold => $"H{fold}")]);
        store.Sweeps.Submit(heavy with { Terms = new SweepTerms { Weight = 2 } });
        var one = Enumerable.Range(0, 6).Select(_ => Claim(store)!.Title).ToList();
        Assert.Equal((2, 4), (one.Count(title => title.Contains('L')), one.Count(title => title.Contains('H'))));
        var six = store.Leases.Claim(new ClaimRequest("w", Plans.Stages), 6).Select(job => job.Title).ToList();
        Assert.Equal((2, 4), (six.Count(title => title.Contains('L')), six.Count(title => title.Contains('H'))));
        Assert.Equal(12, store.Leases.Claim(new ClaimRequest("w", Plans.Stages), 100).Count);
    }

    [Fact]
    public void A_job_goes_only_to_workers_that_have_what_it_needs()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("gpu", "A").With(new JobHints { Needs = new JobNeeds("cuda", 24, ["nvlink"]) }));
        store.Sweeps.Submit(Plans.Sweep("any", "B"));
        var ready = Reads().ReadyNeeds();
        var described = ready.Select(needs => (needs.Value, Text: WorkerMatching.Describe(needs.Key))).OrderBy(needs => needs.Text);
        Assert.Equal([(1, "cuda with 24 GiB with the label nvlink"), (1, "nothing in particular")], described);
        Domain.Workers.WorkerInfo[] workers =
        [
            new() { Name = "small", Instance = "i", Host = "h", Device = "cpu", MemoryGiB = 16, Slots = 1 },
        ];
        const string Unmet = "1 ready job needs cuda with 24 GiB with the label nvlink, which no worker has";
        Assert.Equal(Unmet, WorkerMatching.DescribeUnmetNeeds(ready, workers));
        Assert.Empty(WorkerMatching.FindUnfitWorkers(ready, workers));
        Assert.Equal(2, Reads().ClaimableJobs(5).Count);
        Assert.Equal([Plans.Id("Train", "B")], Reads().ClaimableJobs(5, new ClaimRequest("w", Plans.Stages) { Capabilities = Small }));
        Assert.Equal("Train B", store.Leases.Claim(new ClaimRequest("w", Plans.Stages) { Capabilities = Small })!.Title);
        Assert.Null(store.Leases.Claim(new ClaimRequest("w", Plans.Stages) { Capabilities = Small }));
        var tooSmall = new WorkerCapabilities("cuda", 16, ["nvlink"]);
        Assert.Null(store.Leases.Claim(new ClaimRequest("w", Plans.Stages) { Capabilities = tooSmall }));
        Assert.Null(store.Leases.Claim(new ClaimRequest("w", Plans.Stages) { Capabilities = new WorkerCapabilities("cuda", 80, []) }));
        var able = new WorkerCapabilities("cuda", 80, ["a", "nvlink"]);
        Assert.Equal("Train A", store.Leases.Claim(new ClaimRequest("w", Plans.Stages) { Capabilities = able })!.Title);

        // Submitted again with smaller needs, the job needs less.
        store.Sweeps.Submit(Plans.Sweep("small", "C").With(new JobHints { Needs = new JobNeeds("cuda", 24, []) }));
        store.Sweeps.Submit(Plans.Sweep("small", "C").With(new JobHints { MaxAttempts = 1 }));
        var claimed = store.Leases.Claim(new ClaimRequest("w", Plans.Stages) { Capabilities = Small })!;
        Assert.Equal("Train C", claimed.Title);
        store.Leases.Fault(claimed.Lease, "broken", "");
        Assert.Equal((JobState.Failed, 1), (Reads().Job(claimed.Lease.JobId).State, Reads().Job(claimed.Lease.JobId).MaxAttempts));
    }

    [Fact]
    public void Inputs_at_hand_decide_where_nothing_else_does()
    {
        var store = Store();
        SweepJob[] Of(string fold, string corpus) => [.. Plans.Sweep("x", fold).With(new JobHints { Reads = [corpus] }).Jobs];
        store.Sweeps.Submit(new SweepPlan("two", "{}", [.. Of("A", "one"), .. Of("B", "other")]));
        store.Sweeps.Submit(new SweepPlan("three", "{}", Of("C", "other")));
        var holder = new ClaimRequest("w", Plans.Stages) { CachedInputs = ["other", "weights"] };
        Assert.Equal("Train B", store.Leases.Claim(holder)!.Title);
        Assert.Equal("Train C", store.Leases.Claim(holder)!.Title);
        Assert.Equal("Train A", store.Leases.Claim(holder)!.Title);
    }

    [Fact]
    public void What_failed_on_one_worker_is_tried_on_another_if_there_is_one()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var first = store.Leases.Claim(new ClaimRequest("a/1", Plans.Stages))!;
        store.Leases.Fault(first.Lease, "broken", "line");
        Assert.Null(store.Leases.Claim(new ClaimRequest("a/2", Plans.Stages) { IsOnlyWorker = false }));
        var second = store.Leases.Claim(new ClaimRequest("b/1", Plans.Stages) { IsOnlyWorker = false })!;
        store.Leases.Fault(second.Lease, "broken", "line");
        Assert.Equal(3, store.Leases.Claim(new ClaimRequest("b/1", Plans.Stages))!.Lease.Attempt);
    }

    [Fact]
    public void Batches_are_claimed_best_first_and_accepted_together()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B", "C"));
        var first = store.Leases.Claim(new ClaimRequest("w", Plans.Stages), 2);
        Assert.Equal(["Train A", "Train B"], first.Select(job => job.Title));
        store.Leases.Complete([.. first.Select(job => new PublishedResult(job.Lease, job.Title))]);
        var offered = store.Acceptance.CompletedResults();
        var forged = new JobResult(Plans.Id("Train", "C"), "Train", 1, "forged");
        Assert.Equal(offered.ToHashSet(), store.Acceptance.Accept([.. offered, forged, offered[0]]).ToHashSet());

        var second = store.Leases.Claim(new ClaimRequest("w", Plans.Stages), 10);
        Assert.Equal(["Store A", "Store B", "Train C"], second.Select(job => job.Title));
        Assert.Equal(["Train A", "Train B", ""], second.Select(job => job.Parents.SingleOrDefault()?.ManifestDigest ?? ""));
        Assert.Empty(store.Leases.Claim(new ClaimRequest("w", Plans.Stages), 10));
        Assert.Equal(1, Reads().Job(forged.JobId).Attempt);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Of_claims_that_race_each_gets_jobs_of_its_own(int batch)
    {
        string[] folds = [.. Enumerable.Range(0, 200).Select(fold => $"F{fold}")];
        Patient().Sweeps.Submit(Plans.Sweep("one", folds));
        var claimed = new ConcurrentBag<ClaimedJob>();
        Concurrently.Run(8, worker =>
        {
            var store = Patient();
            while (store.Leases.Claim(new ClaimRequest($"w{worker}", ["Train"]), batch) is { Count: > 0 } jobs)
            {
                jobs.ToList().ForEach(claimed.Add);
            }
        });

        // A claim skips rows that another transaction has locked, so the last ones may be left for the next claim, never lost.
        Patient().Leases.Claim(new ClaimRequest("w", ["Train"]), 200).ToList().ForEach(claimed.Add);
        Assert.Equal(folds.Select(fold => Plans.Id("Train", fold)).Order(), claimed.Select(job => job.Lease.JobId).Order());
        Assert.All(claimed, job => Assert.Equal(1, job.Lease.Attempt));
    }

    [Fact]
    public void A_job_whose_result_is_offered_is_not_claimed_again()
    {
        var store = Store(ExpiredLeases);
        store.Sweeps.Submit(Plans.Sweep("one", "A"));
        var job = Claim(store)!;
        store.Leases.Complete(job.Lease, "digest");
        Assert.Null(Claim(store));
        store.Supervision.ExpireLeases("gone");
        Assert.Null(Claim(store));

        Assert.True(store.Acceptance.Accept(store.Acceptance.CompletedResults().Single()));
        Assert.Equal("Store A", Claim(store)!.Title);
    }
}
