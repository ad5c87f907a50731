using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Hosting;

namespace Ser.Worker;

/// <summary>Checkpoints of one attempt: a file counts once its key is recorded, and recording is fenced by the attempt.</summary>
internal sealed class JobCheckpoints(IJobStore jobs, IArtifactStore artifacts, Lease lease, Outages outages) : ICheckpoints
{
    private int saved;

    public string? Latest() => jobs.CheckpointOf(lease.JobId) is { } key ? artifacts.OpenCheckpoint(key) : null;

    public void Save(Action<string> write)
    {
        try
        {
            SaveNow(write);
        }
        catch (StorageException) when (outages.Pause is not null)
        {
            // Training goes on; the next checkpoint is soon.
        }
    }

    private void SaveNow(Action<string> write)
    {
        string key = ArtifactKeys.Checkpoint(lease.JobId, lease.Attempt, ++saved);
        artifacts.PutCheckpoint(key, write);
        if (!jobs.RecordCheckpoint(lease, key))
        {
            throw new LeaseLostException($"attempt {lease.Attempt} of {lease.JobId} no longer holds the job");
        }

        artifacts.RemoveCheckpoints(lease.JobId, keep: key);
    }
}
