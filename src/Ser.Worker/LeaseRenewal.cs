using System.Collections.Concurrent;
using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Worker;

/// <summary>Renews one lease on a thread of its own, so that training does not delay it, and reports progress with each renewal.</summary>
internal sealed class LeaseRenewal : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private readonly IJobStore jobs;
    private readonly Lease lease;
    private readonly CancellationTokenSource lost = new();
    private readonly ManualResetEventSlim ended = new();
    private readonly ConcurrentQueue<EpochPoint> points = new();
    private readonly Lock gate = new();
    private readonly Thread thread;
    private readonly JobLog log;
    private readonly StallWatch watch;
    private readonly Action onStalled;
    private StageProgress? latest;
    private bool isStoreUnavailable;

    /// <param name="jobs">The store that holds the lease.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="log">Written to the store as it grows, so that it can be viewed and survives a crash of the machine.</param>
    /// <param name="watch">Checked after every renewal.</param>
    /// <param name="onStalled">Called once, on the renewal thread, when the attempt makes no more steps.</param>
    internal LeaseRenewal(IJobStore jobs, Lease lease, JobLog log, StallWatch watch, Action onStalled)
    {
        this.jobs = jobs;
        this.lease = lease;
        this.log = log;
        this.watch = watch;
        this.onStalled = onStalled;
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

        watch.ReportStep(progress.Step);
        Volatile.Write(ref latest, progress);
    }

    /// <summary>Sends pending progress and log lines at once. Call before the attempt ends: the store takes none afterwards.</summary>
    internal void Flush() => Renew();

    /// <summary>Ends the renewal thread.</summary>
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
                onStalled();
                return;
            }
        }
        while (!ended.Wait(Interval));
    }

    private void Renew()
    {
        lock (gate)
        {
            EpochPoint[] pending = [.. points];
            try
            {
                if (!jobs.Renew(lease, Volatile.Read(ref latest), pending))
                {
                    lost.Cancel();
                }

                for (int i = 0; i < pending.Length; i++)
                {
                    points.TryDequeue(out _);
                }

                if (log.TakeChanges() is { } lines)
                {
                    jobs.RecordLog(lease, lines);
                }

                if (isStoreUnavailable)
                {
                    isStoreUnavailable = false;
                    log.Add("the job store is available again");
                }
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // While the store is unavailable no other worker can take the lease, and the next renewal sends the same progress again.
                // Any other exception on this thread would end the process, and every other job with it.
                watch.Restart();
                if (!isStoreUnavailable)
                {
                    isStoreUnavailable = true;
                    log.Add($"the job store is unavailable: {error.Message}");
                }
            }
        }
    }
}
