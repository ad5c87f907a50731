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
using Ser.Storage.Outages;
using Ser.TestSupport;

namespace Ser.Bench.Farm;

/// <summary>
/// Measures what a farm can do on this machine: a scheduler and workers on PostgreSQL and RabbitMQ, whose jobs do nothing.
/// Each job is offered over the broker and claimed, its result is published, announced over the broker and accepted,
/// the job that depends on it is unblocked, and its attempt is recorded. Only artifacts are left out.
/// The database and the queues are created for the benchmark and deleted afterwards.
/// </summary>
internal sealed class FarmBench : IDisposable
{
    /// <summary>Largest number of jobs in one batch of claims or acceptances.</summary>
    public const int Batch = 16;

    private const int Workers = 4;
    private const int PacedPerSecond = 200;
    private const int Paced = 1000;

    // The jobs of the warm-up, as a multiple of the measured ones. Without it the figures would include just-in-time compilation,
    // which does not matter for a scheduler that runs for weeks.
    private const int WarmUp = 3;

    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);
    private static readonly string[] Queues =
    [
        $"{MessageTransports.QueuePrefix}-dispatcher",
        $"{MessageTransports.QueuePrefix}-result",
        $"{MessageTransports.QueuePrefix}-bench-offers",
    ];

    private readonly BenchBroker _broker;
    private readonly BenchDatabase _database;
    private readonly PostgresJobs _stores;

    // The scheduler first, then the workers.
    private readonly List<IHost> _hosts = [];

    private FarmBench(string postgres, Uri rabbit)
    {
        _broker = new BenchBroker(rabbit, Queues);
        _database = new BenchDatabase(postgres);
        _stores = PostgresJobs.Open(_database.ConnectionString);
        Start(rabbit, bus => bus.AddSchedulerConsumers(), services => services.AddScheduler());
        for (int worker = 0; worker < Workers; worker++)
        {
            Start(rabbit, bus => bus.AddConsumer<BenchOffers>(), services => services.AddSingleton<BenchOffers>());
        }
    }

    /// <summary>Runs the benchmark.</summary>
    /// <param name="postgres">Connection string of a server on which its user may create databases.</param>
    /// <param name="rabbit">A broker on whose virtual host no farm works.</param>
    /// <param name="jobs">Jobs of a sweep; half of them depend on the other half.</param>
    /// <param name="sweeps">Number of sweeps, one after the other; the first and the last are compared.</param>
    /// <param name="report">Receives a message for each part that is measured.</param>
    /// <exception cref="InputException">The connection string is wrong, or the broker is in use.</exception>
    /// <exception cref="StorageException">A server cannot be reached.</exception>
    public static FarmFigures Run(string postgres, Uri rabbit, int jobs, int sweeps, Action<string> report)
    {
        // Five hosts in one process make database calls that block a thread each.
        ThreadPool.SetMinThreads(32, 32);
        using var bench = new FarmBench(postgres, rabbit);
        report("warming up");
        bench.RunAtFullSpeed("warm", WarmUp * jobs);
        var rates = new List<double>();
        double submitSeconds = 0;
        for (int sweep = 1; sweep <= sweeps; sweep++)
        {
            string name = $"fast {sweep}";
            report($"sweep {sweep} of {sweeps}: {jobs} jobs at full speed");
            var times = bench.RunAtFullSpeed(name, jobs);
            submitSeconds = times.Submit;
            rates.Add(jobs / times.Work);
            bench.Check(name);
        }

        report($"{Paced} jobs, {PacedPerSecond} a second, after a warm-up of {WarmUp} times as many");
        for (int round = 1; round <= WarmUp; round++)
        {
            bench.RunPaced($"warm too {round}");
        }

        double[] claims = [.. bench.RunPaced("paced").Order()];
        double median = claims[claims.Length / 2], percentile95 = claims[claims.Length * 95 / 100];
        return new FarmFigures(jobs, sweeps, submitSeconds, rates[^1], rates[^1] / rates[0], median, percentile95);
    }

    private void Start(Uri rabbit, Action<IBusRegistrationConfigurator> consumers, Action<IServiceCollection> roles)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System);
        _stores.Jobs.Register(builder.Services);
        builder.Services.AddSingleton(_stores.Reads);
        builder.Services.AddSingleton(_stores.Workers);
        builder.Services.AddSingleton<IArtifactStore>(new NoArtifacts());
        builder.Services.AddSingleton<OutagePolicy>(new EndProcess());
        builder.Services.AddMessagesOverRabbitMq(rabbit, consumers);
        roles(builder.Services);
        var host = builder.Build();
        _hosts.Add(host);
        host.Start();
        using var timeout = new CancellationTokenSource(StartTimeout);
        var bus = host.Services.GetRequiredService<IBusControl>();
        bus.WaitForHealthStatus(BusHealthStatus.Healthy, timeout.Token).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var host in _hosts)
        {
            host.StopAsync().GetAwaiter().GetResult();
            host.Dispose();
        }

        _database.Dispose();
        _broker.Dispose();
    }

    private SweepTimes RunAtFullSpeed(string name, int jobs)
    {
        var clock = Stopwatch.StartNew();
        _stores.Jobs.Sweeps.Submit(BenchPlan.Create(name, jobs));
        double submitted = clock.Elapsed.TotalSeconds;
        WorkUntilDone(name, Batch, announceSlots: true);
        return new SweepTimes(submitted, clock.Elapsed.TotalSeconds - submitted);
    }

    // Free slots are announced at a steady rate, however fast the workers are,
    // so that the time an offer waits for a worker is measured too.
    private List<double> RunPaced(string name)
    {
        _stores.Jobs.Sweeps.Submit(BenchPlan.Create(name, Paced));
        Thread.CurrentThread.Join(SettleTime);
        foreach (var worker in _hosts.Skip(1))
        {
            worker.Services.GetRequiredService<BenchOffers>().Clear();
        }

        var bus = _hosts[^1].Services.GetRequiredService<IBus>();
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var pacer = Task.Run(async () =>
        {
            for (int announced = 0; !stop.IsCancellationRequested; announced++)
            {
                var early = TimeSpan.FromSeconds((double)announced / PacedPerSecond) - clock.Elapsed;
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early);
                }

                var request = new ClaimRequest($"w/{announced}", BenchPlan.Stages);
                _ = bus.PublishBestEffortAsync(new SlotsFree(request, 1), CancellationToken.None);
            }
        });
        var claims = WorkUntilDone(name, 1, announceSlots: false);
        stop.Cancel();
        pacer.GetAwaiter().GetResult();
        return claims;
    }

    // A fast run with wrong results must not count.
    private void Check(string sweep)
    {
        foreach (var job in _stores.Reads.Sweep(sweep).Jobs)
        {
            bool hasOneAttempt = _stores.Reads.Attempts(job.Id) is [{ Outcome: AttemptOutcome.Accepted, Ended: not null }];
            if (job.State != JobState.Done || !hasOneAttempt)
            {
                throw new InvalidOperationException($"{job.Title} is {job.State}, or was not done by exactly one accepted attempt.");
            }
        }
    }

    private List<double> WorkUntilDone(string sweep, int batch, bool announceSlots)
    {
        int workersOfHost = announceSlots ? 1 : 2;
        var workers = _hosts.Skip(1).SelectMany((host, number) => CreateWorkers(host, number + 1, workersOfHost)).ToList();
        using var stop = new CancellationTokenSource(Timeout);
        var work = workers.ConvertAll(worker => Task.Run(() => worker.RunAsync(batch, announceSlots, stop.Token)));
        int jobs = _stores.Reads.Sweep(sweep).Jobs.Count;
        while (workers.Sum(worker => worker.Completed) < jobs || _stores.Reads.Sweep(sweep).State is not SweepState.Done)
        {
            if (work.Find(task => task.IsCompleted) is { } ended)
            {
                ended.GetAwaiter().GetResult();
                throw new InvalidOperationException($"The jobs were not done within {Timeout.TotalMinutes:0} minutes.");
            }

            stop.Token.WaitHandle.WaitOne(5);
        }

        stop.Cancel();
        Task.WaitAll(work);
        return [.. workers.SelectMany(worker => worker.ClaimMs)];
    }

    private IEnumerable<BenchWorker> CreateWorkers(IHost host, int hostNumber, int count)
    {
        var offers = host.Services.GetRequiredService<BenchOffers>();
        var bus = host.Services.GetRequiredService<IBus>();
        return Enumerable.Range(0, count).Select(slot => new BenchWorker($"w{hostNumber}.{slot}", _stores.Jobs.Leases, offers, bus));
    }

    /// <summary>Seconds to submit a sweep and to run it.</summary>
    private sealed record SweepTimes(double Submit, double Work);
}

/// <summary>The figures of the benchmark.</summary>
/// <param name="Jobs">Jobs of a sweep.</param>
/// <param name="Sweeps">Number of sweeps.</param>
/// <param name="SubmitSeconds">Seconds to submit the last sweep.</param>
/// <param name="JobsPerSecond">Jobs a second of the last sweep, from the first offer until all were accepted.</param>
/// <param name="RatioToFirst">This rate divided by that of the first sweep.</param>
/// <param name="ClaimMsP50">Median milliseconds from the arrival of an offer until its job was claimed, at 200 offers a second.</param>
/// <param name="ClaimMsP95">95th percentile of the same.</param>
internal sealed record FarmFigures(
    int Jobs,
    int Sweeps,
    double SubmitSeconds,
    double JobsPerSecond,
    double RatioToFirst,
    double ClaimMsP50,
    double ClaimMsP95);
