using System.Collections.Concurrent;
using Ser.Domain.Jobs;
using Ser.Storage.Jobs;

namespace Ser.Storage.Tests.Jobs;

public abstract partial class JobStoreConformance
{
    // Long enough that no lease expires by itself, however slow the machine is.
    private IJobStore Patient() => Store(new LeaseSettings(Seconds: 3600));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Of_claims_that_race_each_gets_jobs_of_its_own(int batch)
    {
        string[] folds = [.. Enumerable.Range(0, 200).Select(fold => $"F{fold}")];
        Patient().Submit(Plans.Sweep("one", folds));
        var claimed = new ConcurrentBag<ClaimedJob>();
        Concurrently.Run(8, worker =>
        {
            var store = Patient();
            while (store.Claim(new ClaimRequest($"w{worker}", ["Train"]), batch) is { Count: > 0 } jobs)
            {
                jobs.ToList().ForEach(claimed.Add);
            }
        });

        // A claim skips rows that another transaction has locked, so the last ones may be left for the next claim, never lost.
        Patient().Claim(new ClaimRequest("w", ["Train"]), 200).ToList().ForEach(claimed.Add);
        Assert.Equal(folds.Select(fold => Plans.Id("Train", fold)).Order(), claimed.Select(job => job.Lease.JobId).Order());
        Assert.All(claimed, job => Assert.Equal(1, job.Lease.Attempt));
    }

    [Fact]
    public void Claims_of_expired_leases_that_race_take_each_once()
    {
        Patient().Submit(Plans.Sweep("one", [.. Enumerable.Range(0, 20).Select(fold => $"F{fold}")]));
        Store(ExpiredLeases).Claim(new ClaimRequest("lost", ["Train"]), 20);
        var claimed = new ConcurrentBag<ClaimedJob>();
        Concurrently.Run(4, worker =>
        {
            var store = Patient();
            while (store.Claim(new ClaimRequest($"w{worker}", ["Train"]), 3) is { Count: > 0 } jobs)
            {
                jobs.ToList().ForEach(claimed.Add);
            }
        });

        Assert.Equal(20, claimed.Select(job => job.Lease.JobId).Distinct().Count());
        Assert.Equal((20, 2), (claimed.Count, claimed.Max(job => job.Lease.Attempt)));
    }

    [Fact]
    public void Two_acceptances_that_race_are_one()
    {
        Patient().Submit(Plans.Sweep("one", "A"));
        Patient().Complete(Claim(Patient())!.Lease, "digest");
        var result = Patient().CompletedResults().Single();
        bool[] accepted = new bool[4];
        Concurrently.Run(4, index => accepted[index] = Patient().Accept(result));

        Assert.Single(accepted, true);
    }

    [Fact]
    public void Of_results_of_two_attempts_that_race_one_is_accepted_and_dependants_read_that_one()
    {
        Patient().Submit(Plans.Sweep("one", [.. Enumerable.Range(0, 10).Select(fold => $"F{fold}")]));
        var slow = Store(ExpiredLeases).Claim(new ClaimRequest("slow", ["Train"]), 10);
        var quick = Patient().Claim(new ClaimRequest("quick", ["Train"]), 10);
        Patient().Complete([.. slow.Concat(quick).Select(job => new PublishedResult(job.Lease, job.Lease.Worker))]);
        var offered = Patient().CompletedResults();
        var accepted = new ConcurrentBag<CompletedResult>();
        Concurrently.Run(2, attempt =>
        {
            foreach (var result in offered.Where(result => result.Attempt == attempt + 1))
            {
                Patient().Accept([result]).ToList().ForEach(accepted.Add);
            }
        });

        Assert.Equal((20, 10), (offered.Count, accepted.Count));
        var dependants = Patient().Claim(new ClaimRequest("w", ["Store"]), 20);
        var parents = dependants.Select(job => job.Parents.Single()).Select(parent => (parent.JobId, parent.Attempt));
        Assert.Equal(accepted.Select(result => (result.JobId, result.Attempt)).Order(), parents.Order());
        Assert.Empty(Patient().CompletedResults());
    }

    [Fact]
    public void Parents_that_are_done_at_the_same_time_release_their_dependant()
    {
        for (int round = 0; round < 10; round++)
        {
            var plan = Plans.Joined($"round {round}", 4);
            Patient().Submit(plan);
            var parents = Patient().Claim(new ClaimRequest("w", ["Train"]), 4);
            Patient().Complete([.. parents.Select(job => new PublishedResult(job.Lease, "digest"))]);
            var offered = Patient().CompletedResults();
            Concurrently.Run(4, at => Assert.True(Patient().Accept(offered[at])));

            Assert.Equal(plan.Jobs[^1].Job.Id, Patient().Claim(new ClaimRequest("w", ["Evaluate"]))?.Lease.JobId);
        }
    }

    [Fact]
    public void Sweeps_submitted_at_the_same_time_share_their_jobs_and_nothing_waits_for_ever()
    {
        Patient().Submit(Plans.Sweep("zero", "A", "B"));
        var running = Patient().Claim(new ClaimRequest("w", ["Train"]), 2);
        Patient().Complete([.. running.Select(job => new PublishedResult(job.Lease, "digest"))]);
        var offered = Patient().CompletedResults();

        // One thread accepts results meanwhile: the jobs that the others submit depend on them.
        Concurrently.Run(4, index =>
        {
            if (index == 3)
            {
                Patient().Accept(offered);
            }
            else
            {
                Patient().Submit(Plans.Sweep($"s{index}", "A", "B", "C", $"D{index}"));
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
        Patient().Submit(Plans.Sweep("one", folds));
        int left = 4;
        Concurrently.Run(6, thread =>
        {
            var store = Patient();
            if (thread < 4)
            {
                for (int idle = 0; idle < 20;)
                {
                    var jobs = store.Claim(new ClaimRequest($"w{thread}", Plans.Stages), 3);
                    idle = jobs.Count == 0 ? idle + 1 : 0;
                    jobs.ToList().ForEach(job => store.Renew(job.Lease, new StageProgress(1), []));
                    store.Complete([.. jobs.Select(job => new PublishedResult(job.Lease, "digest"))]);
                    store.Accept(store.CompletedResults());
                }

                Interlocked.Decrement(ref left);
            }

            while (Volatile.Read(ref left) > 0 && thread >= 4)
            {
                if (thread == 4)
                {
                    store.CancelSweep("one");
                    store.ResumeSweep("one");
                }
                else
                {
                    store.Submit(Plans.Sweep("two", [.. folds.Skip(6)]));
                }
            }
        });

        Patient().ResumeSweep("one");
        while (Claim(Patient()) is { } job)
        {
            Finish(Patient(), job);
        }

        var all = Reads().Sweep("one");
        Assert.Equal((SweepState.Done, 36), (all.State, all.Count(JobState.Done)));
        Assert.All(all.Jobs, job => Assert.Single(Reads().Attempts(job.Id), attempt => attempt.Outcome == AttemptOutcome.Accepted));
    }

    [Fact]
    public void After_an_outage_no_claim_takes_jobs_whose_workers_could_not_renew()
    {
        Patient().Submit(Plans.Sweep("one", [.. Enumerable.Range(0, 8).Select(fold => $"F{fold}")]));
        var held = Store(ExpiredLeases).Claim(new ClaimRequest("holder", ["Train"]), 8);

        // With this setting any pause since the last pulse counts as an outage in which no worker could renew.
        var taken = new ConcurrentBag<ClaimedJob>();
        Concurrently.Run(4, worker =>
        {
            var store = Store(new LeaseSettings(3600, PulseGapSeconds: -1));
            store.Claim(new ClaimRequest($"w{worker}", ["Train"]), 8).ToList().ForEach(taken.Add);
        });

        Assert.Empty(taken);
        Assert.All(held, job => Assert.True(Patient().Renew(job.Lease, null, [])));
        Assert.Null(Patient().Claim(new ClaimRequest("w", ["Train"])));
    }

    [Fact]
    public void Each_request_is_taken_once()
    {
        Enumerable.Range(0, 20).ToList().ForEach(at => Patient().AddRequest(new RunnerRequest(RequestKind.CancelSweep, $"{at}")));
        var taken = new ConcurrentBag<RunnerRequest>();
        Concurrently.Run(4, _ => Patient().TakeRequests().ToList().ForEach(taken.Add));

        Assert.Equal(20, taken.Count);
        Assert.Equal(20, taken.Distinct().Count());
    }
}
