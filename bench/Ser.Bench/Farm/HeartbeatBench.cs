using System.Collections.Concurrent;
using System.Diagnostics;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Storage.Jobs;
using Ser.Storage.Jobs.Databases;
using Ser.Storage.Workers;
using Ser.TestSupport;

namespace Ser.Bench.Farm;

/// <summary>Whether a farm's database bears many workers at once: each of them renews the lease of one job and says that it is here, once a second, as a real one does.</summary>
public static class HeartbeatBench
{
    private const int Threads = 16;

    /// <summary>Measures.</summary>
    /// <param name="connectionString">Of a server on which its user may create databases.</param>
    /// <param name="workers">How many.</param>
    /// <param name="duration">For so long.</param>
    /// <param name="say">Told what is measured.</param>
    public static HeartbeatFigures Run(string connectionString, int workers, TimeSpan duration, Action<string> say)
    {
        using var own = new BenchDatabase(connectionString);
        var database = new PostgresDatabase(own.ConnectionString);
        try
        {
            var store = new JobStore(database, new LeaseSettings());
            var registry = new PostgresWorkers(database, TimeProvider.System);
            store.Submit(BenchPlan.Of("beats", 2 * workers));
            var members = Enumerable.Range(0, workers).Select(number => new Member($"w{number}", store.Claim(new ClaimRequest($"w{number}/1", ["First"]))!.Lease)).ToList();
            members.ForEach(member => registry.Announce(member.Info));
            say($"{workers} workers, each with a job, for {duration.TotalSeconds:0} s");
            return Beat(store, registry, members, duration);
        }
        finally
        {
            database.Close();
        }
    }

    // Each member's beats are due at its own moment of every second; what counts is how long after that they are done.
    private static HeartbeatFigures Beat(JobStore store, PostgresWorkers registry, List<Member> members, TimeSpan duration)
    {
        var late = new ConcurrentBag<double>();
        using var never = new ManualResetEventSlim();
        int lost = 0, next = -1;
        int beats = (int)(members.Count * duration.TotalSeconds);
        var clock = Stopwatch.StartNew();
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        var threads = Enumerable.Range(0, Threads).Select(_ =>
        {
            var thread = new Thread(() =>
            {
                for (int beat = Interlocked.Increment(ref next); beat < beats; beat = Interlocked.Increment(ref next))
                {
                    var due = TimeSpan.FromSeconds((double)beat / members.Count);
                    if (due > clock.Elapsed)
                    {
                        never.Wait(due - clock.Elapsed);
                    }

                    var member = members[beat % members.Count];
                    if (!store.Renew(member.Lease, new StageProgress(beat, 1, 150, 0.5, 2), []))
                    {
                        Interlocked.Increment(ref lost);
                    }

                    registry.Seen(member.Info.Name, member.Info.Instance, [member.Lease.JobId]);
                    late.Add((clock.Elapsed - due).TotalMilliseconds);
                }
            });
            thread.Start();
            return thread;
        }).ToList();
        threads.ForEach(thread => thread.Join());
        double[] sorted = [.. late.Order()];
        double processor = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds / clock.Elapsed.TotalSeconds;
        return new HeartbeatFigures(members.Count, 2 * beats / clock.Elapsed.TotalSeconds, sorted[sorted.Length / 2], sorted[sorted.Length * 95 / 100], sorted[^1], lost, processor);
    }

    private sealed class Member(string name, Lease lease)
    {
        public Lease Lease => lease;

        public WorkerInfo Info { get; } = new() { Name = name, Instance = "bench", Host = "bench", Device = "cuda", Slots = 1 };
    }
}

/// <summary>What was measured.</summary>
/// <param name="Workers">Workers.</param>
/// <param name="StatementsPerSecond">Renewals and signs of life in a second.</param>
/// <param name="LateMsP50">Median milliseconds from when a worker's pair of them was due until it was done.</param>
/// <param name="LateMsP95">95th percentile of the same.</param>
/// <param name="LateMsMax">The latest.</param>
/// <param name="Lost">Leases that were lost.</param>
/// <param name="ProcessorShare">Cores that this process used, the database's not among them.</param>
public sealed record HeartbeatFigures(int Workers, double StatementsPerSecond, double LateMsP50, double LateMsP95, double LateMsMax, int Lost, double ProcessorShare);
