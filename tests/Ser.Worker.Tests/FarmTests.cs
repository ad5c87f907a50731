using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Runners;
using Ser.Scheduler;
using Ser.Storage;
using Ser.Storage.Data;
using Ser.Storage.Farm;
using Ser.Storage.Jobs;
using Ser.TestSupport;

namespace Ser.Worker.Tests;

/// <summary>The farm's composition: a scheduler and two workers that share nothing but broker, object store and job store.</summary>
[Collection(TestServers.Broker)]
public sealed class FarmTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_whole_graph_runs_on_two_workers_that_see_each_others_results_through_the_object_store_alone()
    {
        using var database = new TestDatabase();
        PostgresJobs.Migrate(database.ConnectionString);
        var settings = Settings(database);
        var data = PostgresJobs.Open(database.ConnectionString);
        data.Jobs.Sweeps.Submit(Plans.Sweep("sweep", "A", "B", "C", "D"));
        using var together = new Barrier(2);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var scheduler = Start(settings, "scheduler", services => services.AddScheduler());
        using var one = Start(settings, "one", services => Worker(services, "one", together, patience.Token));
        using var two = Start(settings, "two", services => Worker(services, "two", together, patience.Token));
        IHost[] hosts = [scheduler, one, two];
        await Task.WhenAll(hosts.Select(host => host.StartAsync(patience.Token)));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (data.Reads.Sweep("sweep").State == SweepState.Unfinished)
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }

        var sweep = data.Reads.Sweep("sweep");
        Assert.Equal(SweepState.Done, sweep.State);
        Assert.All(sweep.Jobs, job => Assert.Equal(1, job.Attempt));
        var artifacts = scheduler.Services.GetRequiredService<IArtifactStore>();
        foreach (var job in sweep.Jobs.Where(job => job.Stage == "Evaluate"))
        {
            string fold = job.Title["Evaluate ".Length..];
            string text = File.ReadAllText(Path.Combine(artifacts.Open(job.Result!), "result.txt"));
            Assert.Equal($"Train of {fold}\nStore of {fold}\nEvaluate of {fold}\n", text);
        }

        var attempts = sweep.Jobs.SelectMany(job => data.Reads.Attempts(job.Id));
        Assert.Equal(["one/1", "two/1"], attempts.Select(attempt => attempt.Worker).Distinct().Order());
        Assert.Empty(artifacts.JobsWithCheckpoints());
        foreach (var host in hosts)
        {
            await host.StopAsync(patience.Token);
        }
    }

    [Fact]
    public async Task Connections_to_the_database_that_end_in_the_middle_cost_nothing()
    {
        using var database = new TestDatabase();
        PostgresJobs.Migrate(database.ConnectionString);
        var settings = Settings(database);
        var data = PostgresJobs.Open(database.ConnectionString);
        data.Jobs.Sweeps.Submit(Plans.Sweep("sweep", "A", "B", "C", "D"));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        int cuts = 0;
        using var scheduler = Start(settings, "scheduler", services => services.AddScheduler());
        using var worker = Start(settings, "one", services => services
            .AddWorker(WorkerSettings("one"))
            .AddSingleton(ToyStage.All((_, _, _) =>
            {
                Interlocked.Increment(ref cuts);
                database.EndConnections();
            })));
        await scheduler.StartAsync(patience.Token);
        await worker.StartAsync(patience.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        SweepState state = SweepState.Unfinished;
        while (state == SweepState.Unfinished)
        {
            await timer.WaitForNextTickAsync(patience.Token);
            try
            {
                state = data.Reads.Sweep("sweep").State;
            }
            catch (StorageException)
            {
                // This connection was cut too.
            }
        }

        Assert.Equal(SweepState.Done, state);
        Assert.True(cuts >= 12);
        var jobs = data.Reads.Sweep("sweep").Jobs;
        Assert.All(jobs, job => Assert.Single(data.Reads.Attempts(job.Id), attempt => attempt.Outcome == AttemptOutcome.Accepted));
        Assert.DoesNotContain(jobs.SelectMany(job => data.Reads.Attempts(job.Id)), attempt => attempt.Outcome == AttemptOutcome.Faulted);
        await worker.StopAsync(patience.Token);
        await scheduler.StopAsync(patience.Token);
    }

    [Fact]
    public async Task A_job_outlasts_the_brokers_patience_with_a_consumer_and_runs_once()
    {
        using var database = new TestDatabase();
        PostgresJobs.Migrate(database.ConnectionString);
        var settings = Settings(database);
        var data = PostgresJobs.Open(database.ConnectionString);
        data.Jobs.Sweeps.Submit(Plans.Sweep("sweep", "A"));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));

        // A consumer that holds a message for as long as the broker allows.
        await using var connection = await new ConnectionFactory { Uri = settings.RabbitMq }.CreateConnectionAsync(patience.Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: patience.Token);
        var queue = await channel.QueueDeclareAsync(cancellationToken: patience.Token);
        var cutOff = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.ChannelShutdownAsync += (_, why) =>
        {
            cutOff.TrySetResult(why.ReplyText);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: false, new AsyncEventingBasicConsumer(channel), patience.Token);
        await channel.BasicPublishAsync("", queue.QueueName, new byte[1], patience.Token);

        using var scheduler = Start(settings, "scheduler", services => services.AddScheduler());
        using var worker = Start(settings, "one", services => services
            .AddWorker(WorkerSettings("one"))
            .AddSingleton(ToyStage.All((stage, _, _) =>
            {
                if (stage == "Train")
                {
                    cutOff.Task.Wait(patience.Token);
                    Assert.False(patience.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(2)));
                }
            })));
        await scheduler.StartAsync(patience.Token);
        await worker.StartAsync(patience.Token);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (data.Reads.Sweep("sweep").State == SweepState.Unfinished)
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }

        Assert.Contains("timed out", await cutOff.Task, StringComparison.Ordinal);
        foreach (var job in data.Reads.Sweep("sweep").Jobs)
        {
            Assert.Equal(AttemptOutcome.Accepted, data.Reads.Attempts(job.Id).Single().Outcome);
        }
        await worker.StopAsync(patience.Token);
        await scheduler.StopAsync(patience.Token);
    }

    private static FarmSettings Settings(TestDatabase database)
    {
        var noCorpora = new Dictionary<string, string>();
        return new FarmSettings(database.ConnectionString, TestServers.RabbitMq(), TestServers.S3(), 1 << 20, 1 << 20, noCorpora);
    }

    private WorkerSettings WorkerSettings(string name)
    {
        var folders = new WorkFolders(_folder.At(name));
        return new WorkerSettings(name, 1, folders.Work, new SharedCache(folders.Cache), Facts: new Dictionary<string, string>());
    }

    // The first job of each worker waits for the other's, so that both take part; each job saves a checkpoint.
    private void Worker(IServiceCollection services, string name, Barrier together, CancellationToken patience)
    {
        bool first = true;
        services
            .AddWorker(WorkerSettings(name))
            .AddSingleton(ToyStage.All((_, context, _) =>
            {
                if (first)
                {
                    first = false;
                    together.SignalAndWait(patience);
                }

                context.Checkpoints.Save(path => File.WriteAllText(path, "half way"));
                Assert.Equal("half way", File.ReadAllText(context.Checkpoints.Latest()!));
            }));
    }

    private IHost Start(FarmSettings settings, string name, Action<IServiceCollection> role)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSerFarm(settings, new WorkFolders(_folder.At(name)), bus =>
        {
            if (name == "scheduler")
            {
                bus.AddSchedulerConsumers();
            }
            else
            {
                bus.AddWorkerConsumers();
            }
        });
        role(builder.Services);
        return builder.Build();
    }
}
