using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Hosting.Jobs.Databases;

namespace Ser.Hosting.Jobs;

/// <summary>
/// What the job store of a farm can do on this machine: jobs that do nothing, straight on PostgreSQL, each claimed, offered, accepted, its dependant released, its
/// attempt kept. In a database of its own that goes afterwards.
/// </summary>
public static class FarmBench
{
    /// <summary>Jobs at most in one batch of claims or acceptances.</summary>
    public const int Batch = 16;

    private const int Workers = 4;
    private const int PacedWorkers = 8;
    private const int PacedPerSecond = 200;
    private const int Paced = 1000;
    private const int WarmUp = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Measures.</summary>
    /// <param name="connectionString">Of a server on which its user may create databases.</param>
    /// <param name="jobs">Jobs of the sweep, half of them dependants of the other half.</param>
    /// <param name="say">Told what is measured.</param>
    /// <exception cref="InputException">The connection string is wrong.</exception>
    /// <exception cref="StorageException">The database cannot be reached or written.</exception>
    public static FarmFigures Run(string connectionString, int jobs, Action<string> say)
    {
        using var own = new BenchDatabase(connectionString);
        var database = new PostgresDatabase(own.ConnectionString);
        try
        {
            var store = new JobStore(database, new LeaseSettings());
            say("warming up");
            store.Submit(Plan("warm", WarmUp));
            RunAll(store, WarmUp, Batch, null);
            say($"{jobs} jobs, as fast as they go");
            double submitSeconds = Seconds(() => store.Submit(Plan("fast", jobs)));
            double seconds = Seconds(() => RunAll(store, jobs, Batch, null));
            Check(database, WarmUp + jobs);
            say($"{Paced} jobs, {PacedPerSecond} a second");
            store.Submit(Plan("warm too", Paced));
            RunAll(store, Paced, 1, PacedPerSecond);
            store.Submit(Plan("paced", Paced));
            double[] claims = [.. RunAll(store, Paced, 1, PacedPerSecond).Order()];
            return new FarmFigures(jobs, submitSeconds, seconds, jobs / seconds, claims[claims.Length / 2], claims[claims.Length * 95 / 100]);
        }
        finally
        {
            database.Close();
        }
    }

    /// <summary>A sweep of pairs: a job and its dependant.</summary>
    public static SweepPlan Plan(string name, int jobs)
    {
        var planned = new List<SweepJob>(jobs);
        for (int i = 0; i < jobs; i++)
        {
            var spec = new JsonObject { ["bench"] = name, ["job"] = i };
            string[] after = i % 2 == 0 ? [] : [planned[i - 1].Job.Id];
            string stage = i % 2 == 0 ? "First" : "Second";
            planned.Add(new SweepJob(new PlannedJob(JobId.Of(stage, 1, spec, after), stage, $"{stage} {i / 2}", spec, after), "bench", (i / 2) + 1));
        }

        return new SweepPlan(name, "{}", planned);
    }

    // Workers claim and offer, the scheduler accepts. Gives the milliseconds of each claim, at a rate from when it was due: waiting for a thread or a connection counts.
    private static ConcurrentBag<double> RunAll(JobStore store, int jobs, int batch, int? perSecond)
    {
        var claims = new ConcurrentBag<double>();
        var failures = new ConcurrentQueue<Exception>();
        using var done = new CancellationTokenSource();
        int next = -1;
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, perSecond is null ? Workers : PacedWorkers).Select(worker => Started(failures, () =>
        {
            while (!done.IsCancellationRequested && failures.IsEmpty)
            {
                var due = perSecond is { } rate ? TimeSpan.FromSeconds((double)Interlocked.Increment(ref next) / rate) : clock.Elapsed;
                if (due > clock.Elapsed && done.Token.WaitHandle.WaitOne(due - clock.Elapsed))
                {
                    return;
                }

                var claimed = store.Claim(new ClaimRequest($"w{worker}", ["First", "Second"]), batch);
                claims.Add((clock.Elapsed - due).TotalMilliseconds);
                store.Offer([.. claimed.Select(job => new PublishedResult(job.Lease, $"digest of {job.Lease.JobId}"))]);
                if (claimed.Count == 0)
                {
                    done.Token.WaitHandle.WaitOne(5);
                }
            }
        })).ToList();
        for (int accepted = 0; accepted < jobs && failures.IsEmpty;)
        {
            var offered = store.Offered();
            accepted += offered.Chunk(Batch).Sum(chunk => store.Accept(chunk).Count);
            if (offered.Count == 0)
            {
                done.Token.WaitHandle.WaitOne(5);
            }

            if (clock.Elapsed > Patience)
            {
                failures.Enqueue(new TimeoutException($"Only {accepted} of {jobs} jobs were done within {Patience.TotalMinutes} minutes."));
            }
        }

        done.Cancel();
        threads.ForEach(thread => thread.Join());
        return failures.TryDequeue(out var failure) ? throw failure : claims;
    }

    private static void Check(PostgresDatabase database, int jobs)
    {
        int done = database.Ask(db => db.Jobs.Count(job => job.State == JobState.Done && job.AcceptedAttempt == 1));
        int kept = database.Ask(db => db.Attempts.Count(attempt => attempt.Outcome == AttemptOutcome.Accepted && attempt.Ended != null));
        if (done != jobs || kept != jobs)
        {
            throw new InvalidOperationException($"Of {jobs} jobs {done} are done at their first attempt and {kept} attempts are kept.");
        }
    }

    private static Thread Started(ConcurrentQueue<Exception> failures, Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception failure)
            {
                failures.Enqueue(failure);
            }
        });
        thread.Start();
        return thread;
    }

    private static double Seconds(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }
}

/// <summary>What was measured.</summary>
/// <param name="Jobs">Jobs of the sweep.</param>
/// <param name="SubmitSeconds">Seconds to submit them.</param>
/// <param name="Seconds">Seconds until all were accepted.</param>
/// <param name="JobsPerSecond">Jobs a second from claim to acceptance and release.</param>
/// <param name="ClaimMsP50">Median milliseconds of a claim of one job at 200 jobs a second.</param>
/// <param name="ClaimMsP95">95th percentile of the same.</param>
public sealed record FarmFigures(int Jobs, double SubmitSeconds, double Seconds, double JobsPerSecond, double ClaimMsP50, double ClaimMsP95);
