using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Storage.Tests.Jobs;

/// <summary>What can be read of jobs: <see cref="IJobReads"/>.</summary>
public abstract partial class JobStoreConformance
{
    [Fact]
    public void Jobs_are_counted_by_state()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B"));
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
        store.Sweeps.Submit(Plans.Sweep("early", "A", "B"));
        store.Sweeps.Submit(Plans.Sweep("late", "B", "C"));
        var job = Claim(store)!;
        store.Leases.Fault(job.Lease, "Loss is NaN", "");
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
    public void A_worker_on_which_everything_fails_is_suspected_if_others_finish_jobs()
    {
        var store = Store();
        store.Sweeps.Submit(Plans.Sweep("one", "A", "B", "C", "D"));
        var both = new Dictionary<string, double> { ["bad"] = 0, ["good"] = 0 };
        for (int time = 0; time < 3; time++)
        {
            Assert.Empty(Reads().SuspectWorkers(both, 3));
            var job = store.Leases.Claim(new ClaimRequest("bad/1", Plans.Stages), 3)[time];
            store.Leases.Fault(job.Lease, $"disk full {time}", "");
            var running = Reads().Sweep("one").Jobs.Where(other => other.State == JobState.Running);
            foreach (string id in running.Select(other => other.Id).ToList())
            {
                store.Leases.Release(new Lease(id, Reads().Job(id).Attempt, "bad/1"), "", "");
            }
        }

        Assert.Empty(Reads().SuspectWorkers(both, 3)); // the experiment may be at fault: no worker has finished a job
        Finish(store, store.Leases.Claim(new ClaimRequest("good/1", Plans.Stages))!);
        Assert.Equal(["bad"], Reads().SuspectWorkers(both, 3).Keys);
        Assert.Equal("disk full 2", Reads().SuspectWorkers(both, 3)["bad"]);
        Assert.Empty(Reads().SuspectWorkers(new Dictionary<string, double> { ["bad"] = Now + 60, ["good"] = 0 }, 3));
        Finish(store, store.Leases.Claim(new ClaimRequest("bad/1", Plans.Stages))!);
        Assert.Empty(Reads().SuspectWorkers(both, 3));
    }

    [Fact]
    public void Unknown_names_are_reported()
    {
        Assert.Throws<InputException>(() => Reads().Sweep("one"));
        Store().Sweeps.Submit(Plans.Sweep("one", "A"));
        Assert.Contains("one", Assert.Throws<InputException>(() => Reads().Sweep("two")).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => Reads().Job("x"));
        string id = Plans.Id("Train", "A");
        Assert.Equal(id, Reads().Job(id[..10]).Id);
        Assert.Equal([id], Reads().ClaimableJobs(5));
    }
}
