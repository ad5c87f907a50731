using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Scheduler.Tests.Recurring;

/// <summary>A real artifact store, except that files of one job cannot be deleted.</summary>
internal sealed class UndeletableFiles(IArtifactStore real, string job) : IArtifactStore
{
    public string? Verify(JobResult result) => real.Verify(result);

    public void Put(string key, ReadOnlySpan<byte> bytes) => real.Put(key, bytes);

    public byte[]? Get(string key) => real.Get(key);

    public string Publish(string stage, Lease lease, string folder, IReadOnlyDictionary<string, string> environment) =>
        real.Publish(stage, lease, folder, environment);

    public string Open(JobResult result) => real.Open(result);

    public void ShareInputs(IReadOnlyList<InputFile> files) => real.ShareInputs(files);

    public IReadOnlyList<string> FetchInputs(IReadOnlyList<InputFile> files) => real.FetchInputs(files);

    public void PutCheckpoint(string key, Action<string> write) => real.PutCheckpoint(key, write);

    public string? OpenCheckpoint(string key) => real.OpenCheckpoint(key);

    public void RemoveCheckpoints(string jobId, string? keep) => Allowed(jobId).RemoveCheckpoints(jobId, keep);

    public IReadOnlyList<string> JobsWithCheckpoints() => real.JobsWithCheckpoints();

    public IReadOnlyList<StoredAttempt> Attempts(string stage) => real.Attempts(stage);

    public void Remove(StoredAttempt attempt) => Allowed(attempt.JobId).Remove(attempt);

    public int RemoveUnfinished(TimeSpan age) => real.RemoveUnfinished(age);

    private IArtifactStore Allowed(string jobId) =>
        jobId == job ? throw new StorageException("the object store answers 403 Forbidden") : real;
}
