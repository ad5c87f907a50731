using Ser.Dashboard.Pages.Workers;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;

namespace Ser.Dashboard.Tests.Pages;

public sealed class WorkersViewTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Each_worker_shows_its_status()
    {
        WorkerInfo[] workers =
        [
            Worker("busy", 0, running: "a"),
            Worker("drains", 0) with { Order = WorkerOrder.Drain },
            Worker("gone", 47),
            Worker("half", 0, slots: 2, running: "b"),
        ];
        JobLine[] running = [Line("a", "busy/1", 5.4), Line("b", "half/1", -2), Line("c", "elsewhere/1", 3)];
        var lines = WorkersView.Lines(State(workers, running, (JobState.Waiting, 3)));
        Assert.Equal(
            [
                "running 1 of 1",
                "idle because it is draining and gets no more jobs",
                "silent for 47 s",
                "running 1 of 2; the other slots are idle because no job is ready; jobs waiting for other jobs: 3",
                "running 1; known only from its leases",
            ],
            lines.Select(line => line.Status));
        Assert.Equal([true, false, false, true, false], lines.Select(line => line.CanDrain));
        Assert.Equal(1L << 30, lines[0].Memory);
        Assert.Equal("elsewhere", lines[^1].Name);
        Assert.Equal("expires in 5 s", WorkersView.DescribeLease(lines[0].Jobs[0]));
        Assert.Equal("expired 2 s ago", WorkersView.DescribeLease(lines[3].Jobs[0]));
    }

    [Fact]
    public void Idle_has_a_reason()
    {
        Assert.Equal("there are no jobs", WorkersView.IdleReason(Worker("w", 0), State([], [])));
        Assert.Equal("it has not polled yet; ready jobs: 2", WorkersView.IdleReason(Worker("w", 0), State([], [], (JobState.Ready, 2))));
    }

    [Fact]
    public void What_a_worker_lacks_and_the_readings_of_its_gpu_are_shown()
    {
        var needs = new Dictionary<JobNeeds, int> { [new JobNeeds("cuda", 24, [])] = 3 };
        var reading = new WorkerReading(3L << 30, 7, 1536L << 20, 0.37);
        WorkerInfo[] workers = [Worker("small", 0), Worker("large", 0) with { Device = "cuda", MemoryGiB = 80, Reading = reading }];
        var lines = WorkersView.Lines(State(workers, [], (JobState.Ready, 3))
            with
        { UnfitReasons = WorkerMatching.FindUnfitWorkers(needs, workers) });
        Assert.Equal("idle because it has not polled yet; ready jobs: 3", lines.Single(line => line.Name == "large").Status);
        Assert.Equal("idle because 3 ready jobs need cuda with 24 GiB, which it does not have",
            lines.Single(line => line.Name == "small").Status);
        Assert.Equal((3L << 30, "37 %, 1.5 GiB in use"),
            (lines.Single(line => line.Name == "large").Memory, lines.Single(line => line.Name == "large").GpuUsage));
    }

    private static WorkersSnapshot State(
        IReadOnlyList<WorkerInfo>? workers,
        IReadOnlyList<JobLine> running,
        params (JobState State, int Count)[] counts)
    {
        var memory = new Dictionary<string, long> { ["a"] = 1L << 30 };
        var byState = counts.ToDictionary(count => count.State, count => count.Count);
        return new WorkersSnapshot(Now, workers, running, memory, new Dictionary<string, double>(), byState);
    }

    private static WorkerInfo Worker(string name, int silent, int slots = 1, params string[] running) =>
        new()
        {
            Name = name,
            Instance = "i",
            Host = "h",
            Device = "cpu",
            Slots = slots,
            LastSeen = Now.AddSeconds(-silent),
            Running = running,
        };

    private static JobLine Line(string id, string worker, double lease) =>
        new(id, "one", "arm", 1, "FineTune", JobState.Running, 1, 0, worker, null, 1, 10, lease, 0, null);
}
