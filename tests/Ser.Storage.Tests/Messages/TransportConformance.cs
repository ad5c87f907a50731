using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ser.Domain.Jobs;
using Ser.Scheduler;
using Ser.Storage.Data;
using Ser.Storage.Messages;
using Ser.TestSupport;

namespace Ser.Storage.Tests.Messages;

/// <summary>What every transport must do. A process is modelled as a host with a bus of its own; in memory there is only one.</summary>
public abstract class TransportConformance : IAsyncLifetime
{
    // A limit for tests that hang; nothing else depends on it.
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<IHost> _hosts = [];
    private readonly TemporaryFolder _folder = new();
    private DataFolder? _data;

    /// <summary>Processes that can share a transport.</summary>
    protected abstract int Processes { get; }

    protected abstract void AddTransport(IServiceCollection services, Action<IBusRegistrationConfigurator> consumers);

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
            host.Dispose();
        }

        _data?.Dispose();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_offer_reaches_exactly_one_of_the_waiting_workers()
    {
        var received = new ReceivedMessages();
        var buses = await StartAsync(Processes, received, bus => bus.AddConsumer<OfferListener>());
        string[] jobs = [.. Enumerable.Range(1, 60).Select(i => $"job {i}")];
        foreach (string job in jobs)
        {
            await buses[0].Publish(new JobOffered(job));
        }

        await received.WaitForAsync(60);
        await buses[0].Publish(new JobOffered("last"));
        await received.WaitForAsync(61);
        Assert.Equal(jobs.Append("last").Order(), received.All.Select(one => one.What).Order());
        Assert.Equal(Processes, received.All.Select(one => one.Process).Distinct().Count());
    }

    [Fact]
    public async Task Offers_exceed_neither_free_slots_nor_jobs_and_none_is_repeated_while_on_the_way()
    {
        var received = new ReceivedMessages();
        var reads = Submitted("A", "B");
        var clock = new ManualClock();
        var free = new FreeSlots(reads, new SchedulerTimings(), clock);
        var buses = await StartAsync(
            Processes,
            received,
            bus =>
            {
                bus.AddConsumer<Dispatcher>();
                bus.AddConsumer<OfferListener>();
            },
            services => services.AddSingleton(free));

        await buses[0].Publish(Free(1));
        await received.WaitForAsync(1);
        await buses[0].Publish(Free(5, "sweep"));
        await received.WaitForAsync(2);
        string a = Plans.Id("Train", "A"), b = Plans.Id("Train", "B");
        Assert.Equal([a, b], received.All.Select(one => one.What).OrderBy(id => id == b));

        // No worker has claimed the jobs in time, so they are offered again.
        clock.Advance(new SchedulerTimings().OfferLifetime * 2);
        await buses[0].Publish(Free(1));
        await received.WaitForAsync(3);
        Assert.Equal(a, received.All[^1].What);
    }

    [Fact]
    public async Task A_worker_is_not_offered_what_it_may_not_take()
    {
        var received = new ReceivedMessages();
        var reads = Submitted("A");
        var buses = await StartAsync(
            Processes,
            received,
            bus =>
            {
                bus.AddConsumer<Dispatcher>();
                bus.AddConsumer<OfferListener>();
            },
            services => services.AddSingleton(reads).AddSingleton(new FreeSlots(reads, new SchedulerTimings(), TimeProvider.System)));

        await buses[0].Publish(new SlotsFree(new ClaimRequest("w", ["Evaluate"]), 1));
        await buses[0].Publish(Free(1, "no such sweep"));
        await buses[0].Publish(new JobOffered("after these"));
        await received.WaitForAsync(1);
        await buses[0].Publish(Free(1));
        await received.WaitForAsync(2);
        Assert.Equal(["after these", Plans.Id("Train", "A")], received.All.Select(one => one.What));
    }

    [Fact]
    public async Task An_offered_result_reaches_one_scheduler()
    {
        var received = new ReceivedMessages();
        var buses = await StartAsync(Processes, received, bus => bus.AddConsumer<ResultListener>());
        await buses[^1].Publish(new AttemptCompleted("job", 3));
        await received.WaitForAsync(1);
        await buses[0].Publish(new AttemptCompleted("job", 4));
        await received.WaitForAsync(2);

        Assert.Equal(["job/3", "job/4"], received.All.Select(one => one.What));
    }

    [Fact]
    public async Task A_message_that_cannot_be_handled_is_discarded_and_the_next_one_is_received()
    {
        var received = new ReceivedMessages();
        var buses = await StartAsync(Processes, received, bus => bus.AddConsumer<OfferListener>());
        await buses[0].Publish(new JobOffered(OfferListener.Poison));
        await buses[0].Publish(new JobOffered("next"));
        await received.WaitForAsync(2);

        Assert.Equal([OfferListener.Poison, "next"], received.All.Select(one => one.What).OrderBy(what => what == "next"));
    }

    [Fact]
    public async Task A_sent_message_is_received()
    {
        var received = new ReceivedMessages();
        var buses = await StartAsync(1, received, bus => bus.AddConsumer<OfferListener>());

        Assert.True(await buses[0].PublishBestEffortAsync(new JobOffered("job"), CancellationToken.None));
        await received.WaitForAsync(1);
    }

    /// <summary>Starts processes and waits until each of them is connected.</summary>
    internal async Task<IReadOnlyList<IBus>> StartAsync(
        int processes,
        ReceivedMessages received,
        Action<IBusRegistrationConfigurator> consumers,
        Action<IServiceCollection>? more = null)
    {
        var started = new List<IBus>();
        for (int process = 0; process < processes; process++)
        {
            var builder = Host.CreateEmptyApplicationBuilder(null);
            AddTransport(builder.Services, consumers);
            builder.Services.AddSingleton(received).AddSingleton(new Process($"{_hosts.Count}"));
            more?.Invoke(builder.Services);
            var host = builder.Build();
            _hosts.Add(host);
            await host.StartAsync();
            await ReadyAsync(host);
            started.Add(host.Services.GetRequiredService<IBus>());
        }

        return started;
    }

    /// <summary>The message of a worker for every stage that has free slots.</summary>
    protected static SlotsFree Free(int slots, string? sweep = null)
    {
        var ability = new WorkerCapabilities("cpu", 24, ["here"]);
        return new SlotsFree(new ClaimRequest("w/1", Plans.Stages, sweep) { Capabilities = ability }, slots);
    }

    /// <summary>Jobs for schedulers to offer: a chain for each fold.</summary>
    protected IJobReads Submitted(params string[] folds)
    {
        _data = DataFolder.OpenAsRunner(_folder.Path, "test");
        _data.Jobs.Sweeps.Submit(Plans.Sweep("sweep", folds));
        return _data.Reads;
    }

    /// <summary>Ends every process started so far.</summary>
    protected async Task StopAllAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync();
        }
    }

    // The host starts without waiting for the broker, but a test needs the queues.
    private static async Task ReadyAsync(IHost host)
    {
        using var patience = new CancellationTokenSource(Patience);
        await host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, patience.Token);
    }

    /// <summary>The received messages, in order, with the process that received each.</summary>
    internal sealed class ReceivedMessages
    {
        private readonly ConcurrentQueue<(string Process, string What)> _all = new();
        private readonly SemaphoreSlim _more = new(0);

        public IReadOnlyList<(string Process, string What)> All => [.. _all];

        public void Add(string process, string what)
        {
            _all.Enqueue((process, what));
            _more.Release();
        }

        /// <summary>Waits until a number of messages has been received since the beginning.</summary>
        public async Task WaitForAsync(int count)
        {
            while (_all.Count < count)
            {
                Assert.True(await _more.WaitAsync(Patience), $"received {_all.Count} of {count}");
            }
        }
    }

    internal sealed record Process(string Name);

    internal sealed class OfferListener(ReceivedMessages received, Process process) : IConsumer<JobOffered>
    {
        public const string Poison = "unbearable";

        public Task Consume(ConsumeContext<JobOffered> context)
        {
            received.Add(process.Name, context.Message.JobId);
            return context.Message.JobId == Poison ? throw new InvalidOperationException("no") : Task.CompletedTask;
        }
    }

    internal sealed class ResultListener(ReceivedMessages received, Process process) : IConsumer<AttemptCompleted>
    {
        public Task Consume(ConsumeContext<AttemptCompleted> context)
        {
            received.Add(process.Name, $"{context.Message.JobId}/{context.Message.Attempt}");
            return Task.CompletedTask;
        }
    }
}
