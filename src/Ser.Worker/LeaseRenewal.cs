using System.Collections.Concurrent;
using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Worker;

/// <summary>Renews one lease on a thread of its own, so that training does not delay it, and reports progress with each renewal.</summary>
internal sealed class LeaseRenewal : IDisposable
{
    private readonly IJobLeases _jobs;
    private readonly Lease _lease;
    private readonly CancellationTokenSource _lost = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly ConcurrentQueue<EpochPoint> _points = new();
    private readonly Lock _gate = new();
    private readonly TimeSpan _interval;
    private Thread? _thread;
    private readonly JobLog _log;
    private readonly StallWatch _watch;
    private readonly Action _onStalled;
    private StageProgress? _latest;
    private bool _isStoreUnavailable;

    /// <param name="jobs">The store that holds the lease.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="log">Written to the store as it grows, so that it can be viewed and survives a crash of the machine.</param>
    /// <param name="watch">Checked after every renewal.</param>
    /// <param name="interval">Time between two renewals.</param>
    /// <param name="onStalled">Called once, on the renewal thread, when the attempt makes no more steps.</param>
    internal LeaseRenewal(IJobLeases jobs, Lease lease, JobLog log, StallWatch watch, TimeSpan interval, Action onStalled)
    {
        _jobs = jobs;
        _lease = lease;
        _log = log;
        _watch = watch;
        _interval = interval;
        _onStalled = onStalled;
    }

    /// <summary>Starts the renewal thread.</summary>
    internal void Start()
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = $"lease {_lease.JobId}" };
        _thread.Start();
    }

    /// <summary>Set when the lease is gone: taken over, or the job cancelled.</summary>
    internal CancellationToken Lost => _lost.Token;

    internal void Report(StageProgress progress)
    {
        if (progress.Point is { } point)
        {
            _points.Enqueue(point);
            _log.Add(point);
        }

        _watch.ReportStep(progress.Step);
        Volatile.Write(ref _latest, progress);
    }

    /// <summary>Sends pending progress and log lines at once. Call before the attempt ends: the store takes none afterwards.</summary>
    internal void Flush() => Renew();

    /// <summary>Ends the renewal thread.</summary>
    public void Dispose()
    {
        _ended.Set();
        _thread?.Join();
        _ended.Dispose();
        _lost.Dispose();
    }

    private void Loop()
    {
        // Not a timer of the clock: its callbacks need the thread pool, which the process may have exhausted.
        while (RunOnce() && !_ended.Wait(_interval))
        {
        }
    }

    /// <summary>Renews the lease and checks whether the attempt has stalled.</summary>
    /// <returns>Whether to go on.</returns>
    internal bool RunOnce()
    {
        Renew();
        bool hasStalled = _watch.HasStalled();
        if (hasStalled)
        {
            _onStalled();
        }

        return !hasStalled;
    }

    private void Renew()
    {
        lock (_gate)
        {
            EpochPoint[] pending = [.. _points];
            try
            {
                if (!_jobs.Renew(_lease, Volatile.Read(ref _latest), pending))
                {
                    _lost.Cancel();
                }

                for (int i = 0; i < pending.Length; i++)
                {
                    _points.TryDequeue(out _);
                }

                if (_log.TakeChanges() is { } lines)
                {
                    _jobs.RecordLog(_lease, lines);
                }

                if (_isStoreUnavailable)
                {
                    _isStoreUnavailable = false;
                    _log.Add("the job store is available again");
                }
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // While the store is unavailable no other worker can take the lease, and the next renewal sends the same progress again.
                // Any other exception on this thread would end the process, and every other job with it.
                _watch.Restart();
                if (!_isStoreUnavailable)
                {
                    _isStoreUnavailable = true;
                    _log.Add($"the job store is unavailable: {error.Message}");
                }
            }
        }
    }
}
