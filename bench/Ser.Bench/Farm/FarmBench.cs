using System.Diagnostics;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Scheduler;
using Ser.Storage;
using Ser.Storage.Jobs;
using Ser.Storage.Messages;
using Ser.TestSupport;

namespace Ser.Bench.Farm;

/// <summary>
/// What a farm can do on this machine: a scheduler and workers on PostgreSQL and RabbitMQ, whose jobs do nothing. Each job is offered over the broker, claimed, its result offered, announced over the broker,
/// accepted, its dependant released, its attempt kept. Artifacts alone are left out. In a database and in queues of its own that go afterwards.
/// </summary>
internal sealed class FarmBench : IDisposable
{
    /// <summary>Jobs at most in one batch of claims or acceptances.</summary>
    public const int Batch = 16;

    private const int Workers = 4;
    private const int PacedPerSecond = 200;
    private const int Paced = 1000;

    // Of the jobs that are measured: until then the runtime compiles as much as it works, and a scheduler runs for weeks.
    private const int WarmUp = 3;

    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly string[] Queues = [$"{Transports.Prefix}-dispatcher", $"{Transports.Prefix}-result", $"{Transports.Prefix}-bench-offers"];

    private readonly BenchBroker broker;
    private readonly BenchDatabase database;
    private readonly PostgresJobs stores;
    private readonly List<IHost> hosts = [];

    private FarmBench(string postgres, Uri rabbit)
    {
        broker = new BenchBroker(rabbit, Queues);
        database = new BenchDatabase(postgres);
        stores = PostgresJobs.Open(database.ConnectionString);
        Start(rabbit, bus => bus.AddSchedulerConsumers(), services => services.AddScheduler());
        for (int worker = 0; worker < Workers; worker++)
        {
            Start(rabbit, bus => bus.AddConsumer<BenchOffers>(), services => services.AddSingleton<BenchOffers>());
        }
    }

    /// <summary>Measures.</summary>
    /// <param name="postgres">Connection string of a server on which its user may create databases.</param>
    /// <param name="rabbit">A broker on whose virtual host no farm works.</param>
    /// <param name="jobs">Jobs of a sweep, half of them dependants of the other half.</param>
    /// <param name="sweeps">Sweeps one after the other; the first and the last are compared.</param>
    /// <param name="say">Told what is measured.</param>
    /// <exception cref="InputException">The connection string is wrong, or somebody else works with the broker.</exception>
    /// <exception cref="StorageException">A server cannot be reached.</exception>
    public static FarmFigures Run(string postgres, Uri rabbit, int jobs, int sweeps, Action<string> say)
    {
        ThreadPool.SetMinThreads(32, 32); // six hosts in one process, and statements that block
        using var bench = new FarmBench(postgres, rabbit);
        say("warming up");
        bench.AsFastAsItGoes("warm", WarmUp * jobs);
        var rates = new List<double>();
        double submitSeconds = 0;
        for (int sweep = 1; sweep <= sweeps; sweep++)
        {
            say($"sweep {sweep} of {sweeps}: {jobs} jobs, as fast as they go");
            (submitSeconds, double seconds) = bench.AsFastAsItGoes($"fast {sweep}", jobs);
            rates.Add(jobs / seconds);
            bench.Check($"fast {sweep}");
        }

        say($"{Paced} jobs, {PacedPerSecond} a second, after {WarmUp} times as many");
        Enumerable.Range(1, WarmUp).ToList().ForEach(round => bench.AtAPace($"warm too {round}"));
        double[] claims = [.. bench.AtAPace("paced").Order()];
        return new FarmFigures(jobs, sweeps, submitSeconds, rates[^1], rates[^1] / rates[0], claims[claims.Length / 2], claims[claims.Length * 95 / 100]);
    }

    private void Start(Uri rabbit, Action<IBusRegistrationConfigurator> consumers, Action<IServiceCollection> roles)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(stores.Jobs).AddSingleton(stores.Reads).AddSingleton(stores.Workers).AddSingleton<IArtifactStore>(new NoArtifacts()).AddSingleton(Outages.End);
        builder.Services.AddMessagesOverRabbitMq(rabbit, consumers);
        roles(builder.Services);
        var host = builder.Build();
        hosts.Add(host);
        host.Start();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        host.Services.GetRequiredService<IBusControl>().WaitForHealthStatus(BusHealthStatus.Healthy, patience.Token).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var host in hosts)
        {
            host.StopAsync().GetAwaiter().GetResult();
            host.Dispose();
        }

        database.Dispose();
        broker.Dispose();
    }

    private (double SubmitSeconds, double Seconds) AsFastAsItGoes(string name, int jobs)
    {
        var clock = Stopwatch.StartNew();
        stores.Jobs.Submit(BenchPlan.Of(name, jobs));
        double submitted = clock.Elapsed.TotalSeconds;
        WorkUntilDone(name, Batch, asks: true);
        return (submitted, clock.Elapsed.TotalSeconds - submitted);
    }

    // Free slots are announced at a steady rate whatever becomes of them, so that an offer that waits for a worker counts.
    private List<double> AtAPace(string name)
    {
        stores.Jobs.Submit(BenchPlan.Of(name, Paced));
        Thread.CurrentThread.Join(Settle);
        hosts.Skip(1).ToList().ForEach(host => host.Services.GetRequiredService<BenchOffers>().Forget());
        var bus = hosts[^1].Services.GetRequiredService<IBus>();
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var pacer = Task.Run(async () =>
        {
            for (int said = 0; !stop.IsCancellationRequested; said++)
            {
                var early = TimeSpan.FromSeconds((double)said / PacedPerSecond) - clock.Elapsed;
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early);
                }

                _ = bus.SayAsync(new SlotsFree(new ClaimRequest($"w/{said}", BenchPlan.Stages), 1), CancellationToken.None);
            }
        });
        var claims = WorkUntilDone(name, 1, asks: false);
        stop.Cancel();
        pacer.GetAwaiter().GetResult();
        return claims;
    }

    // What is quick but wrong is not measured.
    private void Check(string sweep)
    {
        foreach (var job in stores.Reads.Sweep(sweep).Jobs)
        {
            if (job.State != JobState.Done || stores.Reads.Attempts(job.Id) is not [{ Outcome: AttemptOutcome.Accepted, Ended: not null }])
            {
                throw new InvalidOperationException($"{job.Title} is {job.State} and was not done by one attempt that is kept.");
            }
        }
    }

    private List<double> WorkUntilDone(string sweep, int batch, bool asks)
    {
        var workers = hosts.Skip(1).SelectMany((host, number) => Enumerable.Range(0, asks ? 1 : 2).Select(slot => new BenchWorker(
            $"w{number + 1}.{slot}", stores.Jobs, host.Services.GetRequiredService<BenchOffers>(), host.Services.GetRequiredService<IBus>()))).ToList();
        using var stop = new CancellationTokenSource(Patience);
        var work = workers.ConvertAll(worker => Task.Run(() => worker.RunAsync(batch, asks, stop.Token)));
        int jobs = stores.Reads.Sweep(sweep).Jobs.Count;
        while (workers.Sum(worker => worker.Offered) < jobs || stores.Reads.Sweep(sweep).State is not SweepState.Done)
        {
            if (work.Find(task => task.IsCompleted) is { } ended)
            {
                ended.GetAwaiter().GetResult();
                throw new InvalidOperationException($"The jobs were not done within {Patience.TotalMinutes:0} minutes.");
            }

            stop.Token.WaitHandle.WaitOne(5);
        }

        stop.Cancel();
        Task.WaitAll(work);
        return [.. workers.SelectMany(worker => worker.ClaimMs)];
    }
}

/// <summary>What was measured.</summary>
/// <param name="Jobs">Jobs of a sweep.</param>
/// <param name="Sweeps">Sweeps.</param>
/// <param name="SubmitSeconds">Seconds to submit the last.</param>
/// <param name="JobsPerSecond">Jobs a second of the last sweep, from the first offer until all were accepted.</param>
/// <param name="RatioToFirst">The same over that of the first sweep.</param>
/// <param name="ClaimMsP50">Median milliseconds from the arrival of an offer until its job was claimed, at 200 offers a second.</param>
/// <param name="ClaimMsP95">95th percentile of the same.</param>
internal sealed record FarmFigures(int Jobs, int Sweeps, double SubmitSeconds, double JobsPerSecond, double RatioToFirst, double ClaimMsP50, double ClaimMsP95);
