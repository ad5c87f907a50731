using System.Collections.Concurrent;
using System.Diagnostics;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Storage.Jobs;
using Ser.Storage.Jobs.Databases;
using Ser.Storage.Workers;
using Ser.TestSupport;

namespace Ser.Bench.Farm;

/// <summary>
/// Measures the load of many workers on a farm's database. Each worker renews the lease of one job and sends a heartbeat once a second, as
/// a real worker does.
/// </summary>
public static class HeartbeatBench
{
    private const int Threads = 16;

    /// <summary>Runs the benchmark.</summary>
    /// <param name="connectionString">Connection string of a user with the right to create databases.</param>
    /// <param name="workers">Number of workers.</param>
    /// <param name="duration">Duration of the measurement.</param>
    /// <param name="report">Called with a line about what is measured.</param>
    public static HeartbeatFigures Run(string connectionString, int workers, TimeSpan duration, Action<string> report)
    {
        using var own = new BenchDatabase(connectionString);
        var database = new PostgresDatabase(own.ConnectionString);
        try
        {
            var store = JobPorts.Create(database);
            var registry = new PostgresWorkerRegistry(database, TimeProvider.System);
            store.Sweeps.Submit(BenchPlan.Create("beats", 2 * workers));
            Lease ClaimJob(int number) => store.Leases.Claim(new ClaimRequest($"w{number}/1", ["First"]))!.Lease;
            var members = Enumerable.Range(0, workers).Select(number => new Member($"w{number}", ClaimJob(number))).ToList();
            members.ForEach(member => registry.Register(member.Info));
            report($"{workers} workers, each with a job, for {duration.TotalSeconds:0} s");
            return SendHeartbeats(store.Leases, registry, members, duration);
        }
        finally
        {
            database.ClosePool();
        }
    }

    // The heartbeats of the workers are spread evenly over each second. Measured is the delay from when one is due until it is done.
    private static HeartbeatFigures SendHeartbeats(
        IJobLeases leases, PostgresWorkerRegistry registry, List<Member> members, TimeSpan duration)
    {
        var delays = new ConcurrentBag<double>();
        using var neverSet = new ManualResetEventSlim();
        int lost = 0, next = -1;
        int heartbeats = (int)(members.Count * duration.TotalSeconds);
        var clock = Stopwatch.StartNew();
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        var threads = Enumerable.Range(0, Threads).Select(_ =>
        {
            var thread = new Thread(() =>
            {
                for (int number = Interlocked.Increment(ref next); number < heartbeats; number = Interlocked.Increment(ref next))
                {
                    var due = TimeSpan.FromSeconds((double)number / members.Count);
                    if (due > clock.Elapsed)
                    {
                        neverSet.Wait(due - clock.Elapsed);
                    }

                    var member = members[number % members.Count];
                    if (!leases.Renew(member.Lease, new StageProgress(number, 1, 150, 0.5, 2), []))
                    {
                        Interlocked.Increment(ref lost);
                    }

                    registry.Heartbeat(member.Info.Name, member.Info.Instance, [member.Lease.JobId]);
                    delays.Add((clock.Elapsed - due).TotalMilliseconds);
                }
            });
            thread.Start();
            return thread;
        }).ToList();
        threads.ForEach(thread => thread.Join());
        double[] sorted = [.. delays.Order()];
        var processorTime = Process.GetCurrentProcess().TotalProcessorTime - before;
        double processor = processorTime.TotalSeconds / clock.Elapsed.TotalSeconds;
        return new HeartbeatFigures(
            members.Count,
            2 * heartbeats / clock.Elapsed.TotalSeconds,
            sorted[sorted.Length / 2],
            sorted[sorted.Length * 95 / 100],
            sorted[^1],
            lost,
            processor);
    }

    private sealed class Member(string name, Lease lease)
    {
        public Lease Lease => lease;

        public WorkerInfo Info { get; } = new() { Name = name, Instance = "bench", Host = "bench", Device = "cuda", Slots = 1 };
    }
}

/// <summary>Figures of the benchmark.</summary>
/// <param name="Workers">Number of workers.</param>
/// <param name="StatementsPerSecond">Renewals and heartbeats per second.</param>
/// <param name="LateMsP50">Median delay in milliseconds from when a worker's renewal and heartbeat were due until they were done.</param>
/// <param name="LateMsP95">95th percentile of the delay.</param>
/// <param name="LateMsMax">Maximum delay.</param>
/// <param name="Lost">Leases that were lost.</param>
/// <param name="ProcessorShare">Processor cores used by this process, without the database.</param>
public sealed record HeartbeatFigures(
    int Workers,
    double StatementsPerSecond,
    double LateMsP50,
    double LateMsP95,
    double LateMsMax,
    int Lost,
    double ProcessorShare);
