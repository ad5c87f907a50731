using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Hosting;

namespace Ser.Worker;

/// <summary>
/// Checkpoints of one attempt. Training waits for the file to be written on its own disk; a thread of its own then brings it into the store. It counts once its key is recorded,
/// and recording is fenced by the attempt. While one is on its way the next is left out, unless it is the last.
/// </summary>
internal sealed class JobCheckpoints(IJobStore jobs, IArtifactStore artifacts, Lease lease, Outages outages, string folder, JobLog log, TimeProvider clock, CancellationToken stop) : ICheckpoints, IDisposable
{
    private Thread? upload;
    private Exception? failure;
    private int saved;

    public string? Latest()
    {
        Finish();
        return jobs.CheckpointOf(lease.JobId) is { } key ? artifacts.OpenCheckpoint(key) : null;
    }

    public void Save(Action<string> write)
    {
        if (upload is { IsAlive: true } && !stop.IsCancellationRequested)
        {
            return;
        }

        Finish();
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, FormattableString.Invariant($"checkpoint-{++saved}"));
        long begun = clock.GetTimestamp();
        write(file);
        log.Add(FormattableString.Invariant($"checkpoint {saved}: {new FileInfo(file).Length >> 20} MiB, training waited {clock.GetElapsedTime(begun).TotalSeconds:0.00} s"));
        string key = ArtifactKeys.Checkpoint(lease.JobId, lease.Attempt, saved);
        upload = new Thread(() => Upload(file, key)) { IsBackground = true, Name = $"checkpoint {lease.JobId}" };
        upload.Start();
        if (stop.IsCancellationRequested)
        {
            Finish();
        }
    }

    /// <summary>Waits for the one that is on its way.</summary>
    /// <exception cref="LeaseLostException">Another attempt holds the job.</exception>
    public void Finish()
    {
        upload?.Join();
        upload = null;
        if (Interlocked.Exchange(ref failure, null) is { } failed)
        {
            throw failed is LeaseLostException ? new LeaseLostException(failed.Message) : failed;
        }
    }

    /// <summary>Ends without a word.</summary>
    public void Dispose() => upload?.Join();

    private void Upload(string file, string key)
    {
        try
        {
            artifacts.PutCheckpoint(key, to => File.Move(file, to, overwrite: true));
            if (!jobs.RecordCheckpoint(lease, key))
            {
                throw new LeaseLostException($"attempt {lease.Attempt} of {lease.JobId} no longer holds the job");
            }

            log.Add($"checkpoint {saved} recorded");
            artifacts.RemoveCheckpoints(lease.JobId, keep: key);
        }
        catch (StorageException away) when (outages.Pause is not null)
        {
            // Training goes on; the next checkpoint is soon.
            log.Add($"checkpoint {saved} could not be kept: {away.Message}");
        }
        catch (Exception failed)
        {
            failure = failed;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
