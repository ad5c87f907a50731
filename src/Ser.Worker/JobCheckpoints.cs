using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Worker;

/// <summary>
/// Checkpoints of one attempt. Each is written and uploaded on a thread of its own while training continues. A checkpoint counts once its
/// key is recorded, and recording is fenced by the attempt number. While one upload is in progress the next checkpoint is skipped, unless
/// the attempt is being stopped and it is the last one.
/// </summary>
internal sealed class JobCheckpoints(
    WorkerStores stores,
    Lease lease,
    string folder,
    JobLog log,
    TimeProvider clock,
    CancellationToken stop)
    : ICheckpoints, IDisposable
{
    private Thread? _uploadThread;
    private Exception? _failure;
    private int _savedCount;

    public string? Latest()
    {
        Finish();
        return stores.Jobs.LatestCheckpoint(lease.JobId) is { } key ? stores.Artifacts.OpenCheckpoint(key) : null;
    }

    public bool IsReady => _uploadThread is not { IsAlive: true };

    public void Save(Action<string> write)
    {
        if (!IsReady && !stop.IsCancellationRequested)
        {
            return;
        }

        Finish();
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, FormattableString.Invariant($"checkpoint-{++_savedCount}"));
        string key = ArtifactKeys.Checkpoint(lease.JobId, lease.Attempt, _savedCount);
        _uploadThread = new Thread(() => Upload(write, file, key)) { IsBackground = true, Name = $"checkpoint {lease.JobId}" };
        _uploadThread.Start();
        if (stop.IsCancellationRequested)
        {
            Finish();
        }
    }

    /// <summary>Waits for the upload in progress, if any, and rethrows its failure.</summary>
    /// <exception cref="LeaseLostException">Another attempt holds the job.</exception>
    public void Finish()
    {
        _uploadThread?.Join();
        _uploadThread = null;
        if (Interlocked.Exchange(ref _failure, null) is { } failed)
        {
            throw failed is LeaseLostException ? new LeaseLostException(failed.Message) : failed;
        }
    }

    /// <summary>Waits for the upload in progress and ignores its failure.</summary>
    public void Dispose() => _uploadThread?.Join();

    private void Upload(Action<string> write, string file, string key)
    {
        try
        {
            // If the store is unavailable, training continues; the next checkpoint follows soon.
            stores.Outages.RunOptional(
                () => WriteAndStore(write, file, key),
                unavailable => log.Add($"checkpoint {_savedCount} could not be stored: {unavailable.Message}"));
        }
        catch (Exception error)
        {
            _failure = error;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private void WriteAndStore(Action<string> write, string file, string key)
    {
        long started = clock.GetTimestamp();
        write(file);
        long bytes = new FileInfo(file).Length;
        stores.Artifacts.PutCheckpoint(key, destination => File.Move(file, destination, overwrite: true));
        if (!stores.Jobs.RecordCheckpoint(lease, key))
        {
            throw new LeaseLostException($"attempt {lease.Attempt} of {lease.JobId} no longer holds the job");
        }

        double seconds = clock.GetElapsedTime(started).TotalSeconds;
        log.Add(FormattableString.Invariant($"checkpoint {_savedCount} recorded: {bytes >> 20} MiB, {seconds:0.0} s in the background"));
        stores.Artifacts.RemoveCheckpoints(lease.JobId, keep: key);
    }
}
