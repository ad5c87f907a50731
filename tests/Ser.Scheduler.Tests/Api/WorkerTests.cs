using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Ser.Client;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Storage.Workers;
using Ser.TestSupport;
using Ser.Worker;

namespace Ser.Scheduler.Tests.Api;

/// <summary>Workers as the API shows and drains them.</summary>
public sealed class WorkerTests : IDisposable
{
    // A limit for tests that hang; nothing else depends on it.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_worker_in_quarantine_takes_nothing_until_it_is_reinstated()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder, (_, _) => { });
        var workers = api.Services.GetRequiredService<IWorkerRegistry>();
        Assert.Equal(409, (await api.SendAsync("POST", "/api/workers/w/release")).Status);
        Assert.Equal(404, (await api.SendAsync("POST", "/api/workers/v/release")).Status);
        Assert.True(workers.Quarantine("w", "everything failed"));
        Assert.True(SpinWait.SpinUntil(() => api.Services.GetRequiredService<WorkerState>().IsQuarantined, Patience));
        await api.SendAsync("POST", "/api/sweeps", Submissions.Body(Submissions.Valid(folds: 2)));
        var shown = (await api.SendAsync("GET", "/api/workers")).Json[0].GetProperty("worker");
        Assert.Equal("everything failed", shown.GetProperty("quarantined").GetString());
        Assert.Equal(0, api.Reads.Sweep("sweep").Jobs.Max(job => job.Attempt));

        Assert.Equal(200, (await api.SendAsync("POST", "/api/workers/w/release")).Status);
        Assert.True(SpinWait.SpinUntil(() => api.Reads.Sweep("sweep").State == SweepState.Done, Patience));
    }

    [Theory]
    [InlineData(false, "release=false")]
    [InlineData(true, "release=true")]
    [InlineData(true, "handBack=true")]
    public async Task A_drained_worker_finishes_or_releases_its_job_and_takes_no_more(bool release, string query)
    {
        using var begun = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        await using var api = await ApiUnderTest.StartAsync(_folder, (_, stop) =>
        {
            begun.Set();
            WaitHandle.WaitAny([go.WaitHandle, stop.WaitHandle]);
        });
        await api.SendAsync("POST", "/api/sweeps", Submissions.Body(Submissions.Valid(folds: 2)));
        Assert.True(begun.Wait(Patience, TestContext.Current.CancellationToken));

        var drained = await api.SendAsync("POST", $"/api/workers/w/drain?{query}");
        Assert.Equal(200, drained.Status);
        Assert.True(drained.Json.GetProperty("draining").GetBoolean());
        if (!release)
        {
            var noMore = api.Services.GetRequiredService<WorkerState>().StopClaiming.WaitHandle;
            await Task.Run(() => noMore.WaitOne(Patience), TestContext.Current.CancellationToken);
            go.Set();
        }

        var over = api.Services.GetRequiredService<WorkerState>().Ended;
        Assert.Equal("drained", await over.WaitAsync(Patience, TestContext.Current.CancellationToken));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (api.Reads.Sweep("sweep").Count(JobState.Running) > 0)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        var jobs = api.Reads.Sweep("sweep").Jobs;
        var first = jobs.Single(job => job.Attempt == 1);
        Assert.Equal(release ? AttemptOutcome.Released : AttemptOutcome.Accepted, await EndAsync(api, first.Id));
        Assert.Equal(0, first.Faults);
        Assert.True((await api.SendAsync("GET", "/api/workers")).Json[0].GetProperty("worker").GetProperty("draining").GetBoolean());
        Assert.Contains("the nearest is w", (await api.SendAsync("POST", "/api/workers/v/drain")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_tell_every_job_once_then_those_that_change_until_the_end()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder, (_, _) => { });
        await api.SendAsync("POST", "/api/sweeps", Submissions.Body(Submissions.Valid()));
        var events = await api.SendAsync("GET", "/api/sweeps/sweep/events");
        const string Data = "data: ";
        var lines = events.Text.Split('\n').Where(line => line.StartsWith(Data, StringComparison.Ordinal));
        var views = lines.Select(line => JsonSerializer.Deserialize<SweepView>(line[Data.Length..], ApiJson.Options)!).ToList();
        Assert.Equal(3, views[0].Jobs.Count);
        Assert.Equal(SweepState.Done, views[^1].State);
        Assert.Equal(3, views.SelectMany(view => view.Jobs).Where(job => job.State == JobState.Done).DistinctBy(job => job.Id).Count());
        string id = views[0].Jobs[0].Id;
        var job = await api.SendAsync("GET", $"/api/jobs/{id[..10]}");
        Assert.Equal(id, job.Json.GetProperty("job").GetProperty("id").GetString());
        Assert.Equal(1, job.Json.GetProperty("attempts").GetArrayLength());
        Assert.Equal(1, job.Json.GetProperty("points").GetArrayLength());
        Assert.Equal(409, (await api.SendAsync("POST", $"/api/jobs/{id}/retry")).Status);
    }

    [Fact]
    public void A_name_is_one_workers_until_it_is_silent()
    {
        var clock = new ManualClock();
        var registry = new InMemoryWorkerRegistry(clock);
        WorkerInfo Worker(string instance) => new() { Name = "w", Instance = instance, Host = "h", Device = "cpu", Slots = 1 };
        Assert.True(registry.Register(Worker("a")));
        Assert.False(registry.Register(Worker("b")));
        clock.Now += WorkerInfo.AliveWindow;
        Assert.True(registry.Register(Worker("b")));
        Assert.True(registry.Drain("w", WorkerOrder.ReleaseJobs));
        Assert.Equal((WorkerOrder.ReleaseJobs, WorkerOrder.Work), (registry.Heartbeat("w", "b", ["j"]), registry.Heartbeat("w", "a", [])));
        Assert.Equal(["j"], registry.All().Single().Running);
        Assert.True(registry.Register(Worker("b")));
        Assert.False(registry.All().Single().Draining);
        registry.Unregister("w", "b");
        Assert.False(registry.Drain("w", WorkerOrder.Drain));
    }

    private static async Task<AttemptOutcome> EndAsync(ApiUnderTest api, string id)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (api.Reads.Attempts(id)[0].Outcome is AttemptOutcome.Running or AttemptOutcome.Completed)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        return api.Reads.Attempts(id)[0].Outcome;
    }
}
