using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Worker;

/// <summary>Checkpoints of one attempt: a file counts once its key is recorded, and recording is fenced by the attempt.</summary>
internal sealed class JobCheckpoints(IJobStore jobs, IArtifactStore artifacts, Lease lease) : ICheckpoints
{
    private int saved;

    public string? Latest() => jobs.CheckpointOf(lease.JobId) is { } key ? artifacts.OpenCheckpoint(key) : null;

    public void Save(Action<string> write)
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
