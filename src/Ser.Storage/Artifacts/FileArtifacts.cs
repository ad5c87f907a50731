using System.Collections.Concurrent;
using System.Globalization;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Storage.Artifacts;

/// <summary>Artifacts in a folder; see <see cref="IArtifactStore"/>.</summary>
/// <param name="root">The folder.</param>
internal sealed class FileArtifacts(string root) : IArtifactStore
{
    private readonly ConcurrentDictionary<AcceptedResult, string> _verified = new();

    /// <inheritdoc/>
    public string Publish(string stage, Lease lease, string folder, IReadOnlyDictionary<string, string> environment) => Guarded(() =>
    {
        string target = At(ArtifactKeys.Attempt(stage, lease.JobId, lease.Attempt));
        if (Directory.Exists(target))
        {
            // Only possible where the job store is younger than the artifacts: within one store no attempt number comes twice.
            Directory.Delete(target, recursive: true);
        }

        Directory.CreateDirectory(target);
        var names = ManifestFile.NamesIn(folder);
        foreach (string name in names)
        {
            string to = Path.Combine(target, name);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            DurableFiles.Flush(Path.Combine(folder, name));
            File.Move(Path.Combine(folder, name), to);
        }

        var files = names.Select(name => ManifestFile.Describe(target, name)).ToList();
        byte[] manifest = ManifestFile.Write(new Manifest(lease.JobId, stage, lease.Attempt, files, environment));
        foreach (string inner in Directory.EnumerateDirectories(target, "*", SearchOption.AllDirectories))
        {
            DurableFiles.FlushFolder(inner);
        }

        DurableFiles.Put(Path.Combine(target, ArtifactKeys.ManifestName), path => File.WriteAllBytes(path, manifest));
        return ManifestFile.DigestOf(manifest);
    });

    /// <inheritdoc/>
    public string? Verify(OfferedResult result) => Guarded(() =>
        ManifestFile.Problem(At(ArtifactKeys.Attempt(result.Stage, result.JobId, result.Attempt)), result.JobId, result.Attempt, result.ManifestDigest));

    /// <inheritdoc/>
    public string Open(AcceptedResult result) => _verified.GetOrAdd(result, accepted => Guarded(() =>
    {
        string folder = At(ArtifactKeys.Attempt(accepted.Stage, accepted.JobId, accepted.Attempt));
        return ManifestFile.Problem(folder, accepted.JobId, accepted.Attempt, accepted.ManifestDigest) is { } problem
            ? throw new StorageException($"An accepted result is damaged: {problem}. Restore it from a copy, or make it again: ser retry {accepted.JobId}, then ser resume.")
            : folder;
    }));

    /// <inheritdoc/>
    public void Put(string key, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        Guarded(() =>
        {
            DurableFiles.Put(At(key), path => File.WriteAllBytes(path, copy));
            return 0;
        });
    }

    /// <inheritdoc/>
    public byte[]? Get(string key) => Guarded(() => File.Exists(At(key)) ? File.ReadAllBytes(At(key)) : null);

    /// <inheritdoc/>
    public void Share(IReadOnlyList<InputFile> files)
    {
        // Workers are on this machine and read them where they lie.
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Fetch(IReadOnlyList<InputFile> files) => [.. files.Select(file => file.Path)];

    /// <inheritdoc/>
    public void PutCheckpoint(string key, Action<string> write) => Guarded(() =>
    {
        DurableFiles.Put(At(key), write);
        return 0;
    });

    /// <inheritdoc/>
    public string? OpenCheckpoint(string key) => Guarded(() => File.Exists(At(key)) ? At(key) : null);

    /// <inheritdoc/>
    public void RemoveCheckpoints(string jobId, string? keep) => Guarded(() =>
    {
        string folder = At(ArtifactKeys.Checkpoints(jobId));
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        foreach (string path in Directory.GetFiles(folder).Where(path => keep is null || path != At(keep)))
        {
            File.Delete(path);
        }

        if (keep is null)
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    });

    /// <inheritdoc/>
    public IReadOnlyList<string> JobsWithCheckpoints() => Guarded(() =>
        Directory.Exists(At(ArtifactKeys.CheckpointsFolder)) ? [.. Directory.GetDirectories(At(ArtifactKeys.CheckpointsFolder)).Select(path => Path.GetFileName(path)!)] : (IReadOnlyList<string>)[]);

    /// <inheritdoc/>
    public IReadOnlyList<StoredAttempt> Attempts(string stage) => Guarded(() => !Directory.Exists(At(stage)) ? [] : (IReadOnlyList<StoredAttempt>)
    [
        .. from job in Directory.EnumerateDirectories(At(stage))
           from attempt in Directory.EnumerateDirectories(job)
           let number = int.TryParse(Path.GetFileName(attempt), NumberStyles.None, CultureInfo.InvariantCulture, out int parsed) ? parsed : 0
           where number > 0
           select new StoredAttempt(stage, Path.GetFileName(job), number),
    ]);

    /// <inheritdoc/>
    public void Remove(StoredAttempt attempt) => Guarded(() =>
    {
        string folder = At(ArtifactKeys.Attempt(attempt.Stage, attempt.JobId, attempt.Attempt));
        if (Directory.Exists(folder))
        {
            File.Delete(Path.Combine(folder, ArtifactKeys.ManifestName));
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    });

    /// <inheritdoc/>
    public int RemoveUnfinished(TimeSpan age) => Guarded(() =>
    {
        var before = TimeProvider.System.GetUtcNow() - age;
        var stale = Directory.Exists(root)
            ? Directory.EnumerateFiles(root, "*" + DurableFiles.Unfinished, SearchOption.AllDirectories).Where(path => File.GetLastWriteTimeUtc(path) < before).ToList()
            : [];
        stale.ForEach(File.Delete);
        return stale.Count;
    });

    private string At(string key) => Path.Combine(root, ObjectKeys.Checked(key.TrimEnd('/')));

    private static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception problem) when (StorageFailure.From(problem) is { } storage)
        {
            throw storage;
        }
    }
}
