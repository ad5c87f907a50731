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
    private readonly ConcurrentDictionary<JobResult, string> _verified = new();

    /// <inheritdoc/>
    public string Publish(string stage, Lease lease, string folder, IReadOnlyDictionary<string, string> environment) =>
        TranslateErrors(() => MoveResult(stage, lease, folder, environment));

    private string MoveResult(string stage, Lease lease, string folder, IReadOnlyDictionary<string, string> environment)
    {
        string target = PathOf(ArtifactKeys.Attempt(stage, lease.JobId, lease.Attempt));
        if (Directory.Exists(target))
        {
            // Happens only if the job store was recreated: within one store no attempt number occurs twice.
            Directory.Delete(target, recursive: true);
        }

        Directory.CreateDirectory(target);
        var names = ManifestFile.ListFiles(folder);
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

        DurableFiles.Write(Path.Combine(target, ArtifactKeys.ManifestName), path => File.WriteAllBytes(path, manifest));
        return ManifestFile.ComputeDigest(manifest);
    }

    /// <inheritdoc/>
    public string? Verify(JobResult result) => TranslateErrors(() =>
    {
        string folder = PathOf(ArtifactKeys.Attempt(result.Stage, result.JobId, result.Attempt));
        return ManifestFile.FindProblem(folder, result.JobId, result.Attempt, result.ManifestDigest);
    });

    /// <inheritdoc/>
    public string Open(JobResult result) => _verified.GetOrAdd(result, accepted => TranslateErrors(() =>
    {
        string folder = PathOf(ArtifactKeys.Attempt(accepted.Stage, accepted.JobId, accepted.Attempt));
        return ManifestFile.FindProblem(folder, accepted.JobId, accepted.Attempt, accepted.ManifestDigest) is { } problem
            ? throw ManifestFile.Damaged(accepted, problem)
            : folder;
    }));

    /// <inheritdoc/>
    public void Put(string key, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        TranslateErrors(() =>
        {
            DurableFiles.Write(PathOf(key), path => File.WriteAllBytes(path, copy));
            return 0;
        });
    }

    /// <inheritdoc/>
    public byte[]? Get(string key) => TranslateErrors(() => File.Exists(PathOf(key)) ? File.ReadAllBytes(PathOf(key)) : null);

    /// <inheritdoc/>
    public void ShareInputs(IReadOnlyList<InputFile> files)
    {
        // Nothing to do: workers run on this machine and read the files in place.
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FetchInputs(IReadOnlyList<InputFile> files) => [.. files.Select(file => file.Path)];

    /// <inheritdoc/>
    public void PutCheckpoint(string key, Action<string> write) => TranslateErrors(() =>
    {
        DurableFiles.Write(PathOf(key), write);
        return 0;
    });

    /// <inheritdoc/>
    public string? OpenCheckpoint(string key) => TranslateErrors(() => File.Exists(PathOf(key)) ? PathOf(key) : null);

    /// <inheritdoc/>
    public void RemoveCheckpoints(string jobId, string? keep) => TranslateErrors(() =>
    {
        string folder = PathOf(ArtifactKeys.Checkpoints(jobId));
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        foreach (string path in Directory.GetFiles(folder).Where(path => keep is null || path != PathOf(keep)))
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
    public IReadOnlyList<string> JobsWithCheckpoints() => TranslateErrors(() =>
    {
        string folder = PathOf(ArtifactKeys.CheckpointsFolder);
        return Directory.Exists(folder)
            ? [.. Directory.GetDirectories(folder).Select(path => Path.GetFileName(path)!)]
            : (IReadOnlyList<string>)[];
    });

    /// <inheritdoc/>
    public IReadOnlyList<StoredAttempt> Attempts(string stage) => TranslateErrors(() =>
    {
        string folder = PathOf(stage);
        if (!Directory.Exists(folder))
        {
            return (IReadOnlyList<StoredAttempt>)[];
        }

        return
        [
            .. from job in Directory.EnumerateDirectories(folder)
               from attempt in Directory.EnumerateDirectories(job)
               let number = ParseAttempt(Path.GetFileName(attempt))
               where number > 0
               select new StoredAttempt(stage, Path.GetFileName(job), number),
        ];
    });

    /// <inheritdoc/>
    public void Remove(StoredAttempt attempt) => TranslateErrors(() =>
    {
        string folder = PathOf(ArtifactKeys.Attempt(attempt.Stage, attempt.JobId, attempt.Attempt));
        if (Directory.Exists(folder))
        {
            File.Delete(Path.Combine(folder, ArtifactKeys.ManifestName));
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    });

    /// <inheritdoc/>
    public int RemoveUnfinished(TimeSpan age) => TranslateErrors(() =>
    {
        var before = TimeProvider.System.GetUtcNow() - age;
        if (!Directory.Exists(root))
        {
            return 0;
        }

        var stale = Directory.EnumerateFiles(root, "*" + DurableFiles.TemporarySuffix, SearchOption.AllDirectories)
            .Where(path => File.GetLastWriteTimeUtc(path) < before)
            .ToList();
        stale.ForEach(File.Delete);
        return stale.Count;
    });

    private string PathOf(string key) => Path.Combine(root, ObjectKeys.Validate(key.TrimEnd('/')));

    // 0 where the name is not a number.
    private static int ParseAttempt(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private static T TranslateErrors<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception problem) when (StorageFailure.From(problem) is { } storage)
        {
            throw storage;
        }
    }
}
