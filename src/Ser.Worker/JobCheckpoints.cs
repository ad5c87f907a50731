using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage;

namespace Ser.Worker;

/// <summary>
/// Checkpoints of one attempt. A thread of its own writes each and brings it into the store while training goes on. It counts once its key is recorded,
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

    public bool IsReady => upload is not { IsAlive: true };

    public void Save(Action<string> write)
    {
        if (!IsReady && !stop.IsCancellationRequested)
        {
            return;
        }

        Finish();
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, FormattableString.Invariant($"checkpoint-{++saved}"));
        string key = ArtifactKeys.Checkpoint(lease.JobId, lease.Attempt, saved);
        upload = new Thread(() => Upload(write, file, key)) { IsBackground = true, Name = $"checkpoint {lease.JobId}" };
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

    private void Upload(Action<string> write, string file, string key)
    {
        try
        {
            long begun = clock.GetTimestamp();
            write(file);
            long bytes = new FileInfo(file).Length;
            artifacts.PutCheckpoint(key, to => File.Move(file, to, overwrite: true));
            if (!jobs.RecordCheckpoint(lease, key))
            {
                throw new LeaseLostException($"attempt {lease.Attempt} of {lease.JobId} no longer holds the job");
            }

            log.Add(FormattableString.Invariant($"checkpoint {saved} recorded: {bytes >> 20} MiB, {clock.GetElapsedTime(begun).TotalSeconds:0.0} s beside the training"));
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
