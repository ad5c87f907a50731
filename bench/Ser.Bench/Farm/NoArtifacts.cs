using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Bench.Farm;

/// <summary>An artifact store for jobs without artifacts, so that the benchmark measures everything else.</summary>
internal sealed class NoArtifacts : IArtifactStore
{
    public string Publish(string stage, Lease lease, string folder, IReadOnlyDictionary<string, string> environment) =>
        throw new NotSupportedException();

    public string? Verify(JobResult result) => null;

    public void RemoveCheckpoints(string jobId, string? keep)
    {
    }

    public IReadOnlyList<string> JobsWithCheckpoints() => [];

    public IReadOnlyList<StoredAttempt> Attempts(string stage) => [];

    public int RemoveUnfinished(TimeSpan age) => 0;

    public byte[]? Get(string key) => null;

    public string? OpenCheckpoint(string key) => null;

    public string Open(JobResult result) => throw new NotSupportedException();

    public void Put(string key, ReadOnlySpan<byte> bytes) => throw new NotSupportedException();

    public void ShareInputs(IReadOnlyList<InputFile> files) => throw new NotSupportedException();

    public IReadOnlyList<string> FetchInputs(IReadOnlyList<InputFile> files) => throw new NotSupportedException();

    public void PutCheckpoint(string key, Action<string> write) => throw new NotSupportedException();

    public void Remove(StoredAttempt attempt) => throw new NotSupportedException();
}
