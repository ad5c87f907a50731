using System.Collections.Concurrent;
using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Worker;

/// <summary>Renews one lease from a thread of its own, so that training does not delay it, and carries progress along.</summary>
internal sealed class Renewals : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private readonly IJobStore jobs;
    private readonly Lease lease;
    private readonly CancellationTokenSource lost = new();
    private readonly ManualResetEventSlim ended = new();
    private readonly ConcurrentQueue<EpochPoint> points = new();
    private readonly Lock one = new();
    private readonly Thread thread;
    private readonly JobLog log;
    private readonly StallWatch watch;
    private readonly Action stalled;
    private StageProgress? latest;
    private bool away;

    /// <param name="jobs">Where it is renewed.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="log">Kept in the store as it grows, for those who look and in case the machine dies.</param>
    /// <param name="watch">Looked at with every renewal.</param>
    /// <param name="stalled">Called once, on this thread, when the attempt makes no more steps.</param>
    internal Renewals(IJobStore jobs, Lease lease, JobLog log, StallWatch watch, Action stalled)
    {
        this.jobs = jobs;
        this.lease = lease;
        this.log = log;
        this.watch = watch;
        this.stalled = stalled;
        thread = new Thread(Loop) { IsBackground = true, Name = $"lease {lease.JobId}" };
        thread.Start();
    }

    /// <summary>Set when the lease is gone: taken over, or the job cancelled.</summary>
    internal CancellationToken Lost => lost.Token;

    internal void Report(StageProgress progress)
    {
        if (progress.Point is { } point)
        {
            points.Enqueue(point);
            log.Add(point);
        }

        watch.Step(progress.Step);

        Volatile.Write(ref latest, progress);
    }

    /// <summary>Says at once what is left to say: before the attempt ends, since nothing can be said of it afterwards.</summary>
    internal void Flush() => Renew();

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        ended.Set();
        thread.Join();
        ended.Dispose();
        lost.Dispose();
    }

    private void Loop()
    {
        do
        {
            Renew();
            if (watch.HasStalled())
            {
                stalled();
                return;
            }
        }
        while (!ended.Wait(Every));
    }

    private void Renew()
    {
        lock (one)
        {
            EpochPoint[] said = [.. points];
            try
            {
                if (!jobs.Renew(lease, Volatile.Read(ref latest), said))
                {
                    lost.Cancel();
                }

                for (int i = 0; i < said.Length; i++)
                {
                    points.TryDequeue(out _);
                }

                if (log.News() is { } lines)
                {
                    jobs.Log(lease, lines);
                }

                if (away)
                {
                    away = false;
                    log.Add("the job store is back");
                }
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                watch.Excuse();
                if (!away)
                {
                    away = true;
                    log.Add($"the job store is away: {error.Message}");
                }

                // The store is away: nobody can take the lease meanwhile, and the next renewal says the same again. Whatever else it may be, on this thread it would
                // end the process, and every other job with it.
            }
        }
    }
}
