using System.Globalization;
using System.Security.Cryptography;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Storage.Artifacts;

/// <summary>
/// Artifacts in an S3 bucket; see <see cref="IArtifactStore"/>. Faults of the network and of the store are waited for, up to a minute, before they are thrown.
/// </summary>
public sealed class S3Artifacts : IArtifactStore, IDisposable
{
    /// <summary>Objects that travel at a time.</summary>
    internal const int AtOnce = 16;

    private const int Few = 50;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);

    private readonly S3Settings _settings;
    private readonly ArtifactCache _cache;
    private readonly S3Bucket _bucket;
    private readonly TimeProvider _clock;

    /// <param name="settings">Where the bucket is; without problems.</param>
    /// <param name="cache">Where downloads go.</param>
    /// <param name="clock">Measures patience.</param>
    public S3Artifacts(S3Settings settings, ArtifactCache cache, TimeProvider clock)
        : this(settings, cache, clock, Budget)
    {
    }

    internal S3Artifacts(S3Settings settings, ArtifactCache cache, TimeProvider clock, TimeSpan budget)
    {
        (_settings, _cache, _clock) = (settings, cache, clock);
        _bucket = new S3Bucket(settings, clock, budget);
    }

    /// <inheritdoc/>
    public string Publish(string stage, Lease lease, string folder, IReadOnlyDictionary<string, string> environment) => Guarded(async () =>
    {
        string attempt = ArtifactKeys.Attempt(stage, lease.JobId, lease.Attempt);
        var files = ManifestFile.NamesIn(folder).Select(name => ManifestFile.Describe(folder, name)).ToList();
        byte[] manifest = ManifestFile.Write(new Manifest(lease.JobId, stage, lease.Attempt, files, environment));
        string digest = ManifestFile.DigestOf(manifest);

        // Only there where the job store is younger than the bucket: within one store no attempt number comes twice. The manifest first: what has none is no result.
        var old = (await _bucket.ListAsync(attempt).ConfigureAwait(false)).Keys;
        await _bucket.RemoveAsync([.. old.Where(key => key == attempt + ArtifactKeys.ManifestName)]).ConfigureAwait(false);
        await _bucket.RemoveAsync([.. old]).ConfigureAwait(false);

        await EachAsync(files, async file =>
        {
            await using var stream = File.OpenRead(Path.Combine(folder, file.Name));
            await _bucket.PutAsync(attempt + file.Name, stream, file.Sha256).ConfigureAwait(false);
        }).ConfigureAwait(false);
        await _bucket.PutAsync(attempt + ArtifactKeys.ManifestName, new MemoryStream(manifest), digest).ConfigureAwait(false);
        foreach (var file in files)
        {
            File.Delete(Path.Combine(folder, file.Name));
        }

        return digest;
    });

    /// <inheritdoc/>
    /// <remarks>Reads every byte, through memory: what S3 says of an object (its ETag) is no digest of one that came in parts, and not every server knows checksums.</remarks>
    public string? Verify(OfferedResult result) => Guarded(async () =>
    {
        string attempt = ArtifactKeys.Attempt(result.Stage, result.JobId, result.Attempt), at = attempt + ArtifactKeys.ManifestName;
        var (manifest, problem) = ManifestFile.Read(at, await BlobAsync(at).ConfigureAwait(false), result.ManifestDigest);
        if (problem is not null || (problem = ManifestFile.OfAnother(at, manifest!, result.JobId, result.Attempt)) is not null)
        {
            return problem;
        }

        var problems = await Task.WhenAll(manifest!.Files.Select(file => ProblemAsync(attempt + file.Name, file))).ConfigureAwait(false);
        return problems.OfType<string>().FirstOrDefault();
    });

    /// <inheritdoc/>
    public string Open(AcceptedResult result) => Guarded(() => Task.FromResult(_cache.Open([result.ManifestDigest], async (digest, folder) =>
    {
        string attempt = ArtifactKeys.Attempt(result.Stage, result.JobId, result.Attempt), at = attempt + ArtifactKeys.ManifestName;
        byte[]? bytes = await BlobAsync(at).ConfigureAwait(false);
        var (manifest, problem) = ManifestFile.Read(at, bytes, digest);
        if (problem is not null || (problem = ManifestFile.OfAnother(at, manifest!, result.JobId, result.Attempt)) is not null)
        {
            throw Damaged(result, problem);
        }

        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, ArtifactKeys.ManifestName), bytes!).ConfigureAwait(false);
        await EachAsync(manifest!.Files, async file =>
        {
            string path = Path.Combine(folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!await DownloadAsync(attempt + file.Name, path).ConfigureAwait(false))
            {
                throw Damaged(result, $"{attempt}{file.Name} is not there");
            }

            if (ManifestFile.Describe(folder, file.Name) != file)
            {
                throw Damaged(result, ManifestFile.Differs(attempt + file.Name));
            }
        }).ConfigureAwait(false);
    })[0]));

    /// <inheritdoc/>
    public void Put(string key, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        Guarded(async () =>
        {
            await _bucket.PutAsync(key, new MemoryStream(copy), ManifestFile.DigestOf(copy)).ConfigureAwait(false);
            return 0;
        });
    }

    /// <inheritdoc/>
    public byte[]? Get(string key) => Guarded(() => BlobAsync(key));

    /// <inheritdoc/>
    public void Share(IReadOnlyList<InputFile> files) => Guarded(async () =>
    {
        // A listing says a thousand sizes at a time; of a few files each is asked for.
        var listed = files.Count > Few ? await _bucket.ListAsync(ArtifactKeys.InputsFolder).ConfigureAwait(false) : null;
        await EachAsync(files.DistinctBy(file => file.Sha256), async file =>
        {
            if (!File.Exists(file.Path))
            {
                throw new InputException($"{file.Path} is gone: put it back and submit again.");
            }

            await using var stream = File.OpenRead(file.Path);
            string key = ArtifactKeys.Input(file.Sha256);
            if (stream.Length == (listed is null ? (await _bucket.StatAsync(key).ConfigureAwait(false))?.Bytes : listed.TryGetValue(key, out long bytes) ? bytes : null))
            {
                return;
            }

            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(stream).ConfigureAwait(false)) != file.Sha256)
            {
                throw new InputException($"{file.Path} has changed since it was read: submit again.");
            }

            stream.Position = 0;
            await _bucket.PutAsync(key, stream, file.Sha256).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return 0;
    });

    /// <inheritdoc/>
    public IReadOnlyList<string> Fetch(IReadOnlyList<InputFile> files)
    {
        var names = files.DistinctBy(file => file.Sha256).ToDictionary(file => file.Sha256, file => file.Path);
        return Guarded(() => Task.FromResult(_cache.Open([.. files.Select(file => file.Sha256)], async (digest, path) =>
        {
            if (!await DownloadAsync(ArtifactKeys.Input(digest), path).ConfigureAwait(false))
            {
                throw new InvalidDataException($"{names[digest]} is not in the object store ({ArtifactKeys.Input(digest)}): submit the experiment again; where its licence forbids copies, tell this machine its own path (OwnCorpora).");
            }
        })));
    }

    /// <inheritdoc/>
    public void PutCheckpoint(string key, Action<string> write) => Guarded(async () =>
    {
        string path = Path.Combine(_cache.Scratch, ObjectKeys.Checked(key).Replace('/', '-'));
        try
        {
            write(path);
            await using var stream = File.OpenRead(path);
            string digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream).ConfigureAwait(false));
            stream.Position = 0;
            await _bucket.PutAsync(key, stream, digest).ConfigureAwait(false);
            return 0;
        }
        finally
        {
            File.Delete(path);
        }
    });

    /// <inheritdoc/>
    public string? OpenCheckpoint(string key) => Guarded(async () =>
    {
        if (await _bucket.StatAsync(key).ConfigureAwait(false) is not { } facts)
        {
            return null;
        }

        string digest = facts.Sha256 ?? throw new StorageException($"{key} in bucket {_settings.Bucket} does not say its SHA-256: it is no checkpoint of ser's.");
        return _cache.Open([digest], (_, path) => DownloadAsync(key, path))[0];
    });

    /// <inheritdoc/>
    public void RemoveCheckpoints(string jobId, string? keep) => Guarded(async () =>
    {
        await _bucket.RemoveAsync([.. (await _bucket.ListAsync(ArtifactKeys.Checkpoints(jobId)).ConfigureAwait(false)).Keys.Where(key => key != keep)]).ConfigureAwait(false);
        return 0;
    });

    /// <inheritdoc/>
    public IReadOnlyList<string> JobsWithCheckpoints() => Guarded(async () =>
        (IReadOnlyList<string>)[.. (await _bucket.ListAsync(ArtifactKeys.CheckpointsFolder, recursive: false).ConfigureAwait(false)).Keys.Select(name => name.TrimEnd('/').Split('/')[^1])]);

    /// <inheritdoc/>
    public IReadOnlyList<StoredAttempt> Attempts(string stage) => Guarded(async () => (IReadOnlyList<StoredAttempt>)
    [
        .. (await _bucket.ListAsync(stage + "/").ConfigureAwait(false)).Keys.Select(key => key.Split('/'))
            .Where(parts => parts.Length > 3).Select(parts => (Job: parts[1], Number: int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0))
            .Where(attempt => attempt.Number > 0).Distinct().Select(attempt => new StoredAttempt(stage, attempt.Job, attempt.Number)),
    ]);

    /// <inheritdoc/>
    public void Remove(StoredAttempt attempt) => Guarded(async () =>
    {
        string folder = ArtifactKeys.Attempt(attempt.Stage, attempt.JobId, attempt.Attempt);
        await _bucket.RemoveAsync([folder + ArtifactKeys.ManifestName]).ConfigureAwait(false);
        await _bucket.RemoveAsync([.. (await _bucket.ListAsync(folder).ConfigureAwait(false)).Keys]).ConfigureAwait(false);
        return 0;
    });

    /// <inheritdoc/>
    public int RemoveUnfinished(TimeSpan age) => Guarded(() => _bucket.AbortUploadsAsync(null, _clock.GetUtcNow() - age));

    /// <inheritdoc/>
    public void Dispose() => _bucket.Dispose();

    private async Task<byte[]?> BlobAsync(string key)
    {
        using var bytes = new MemoryStream();
        return await _bucket.ReadAsync(key, chunk => bytes.WriteAsync(chunk)).ConfigureAwait(false) ? bytes.ToArray() : null;
    }

    private async Task<bool> DownloadAsync(string key, string path)
    {
        await using var file = File.Create(path);
        return await _bucket.ReadAsync(key, chunk => file.WriteAsync(chunk)).ConfigureAwait(false);
    }

    private async Task<string?> ProblemAsync(string key, ArtifactFile file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        bool there = await _bucket.ReadAsync(key, chunk =>
        {
            hash.AppendData(chunk.Span);
            bytes += chunk.Length;
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        return !there ? $"{key} is not there" : bytes != file.Bytes || Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Sha256 ? ManifestFile.Differs(key) : null;
    }

    private static StorageException Damaged(AcceptedResult result, string problem) =>
        new($"An accepted result is damaged: {problem}. Restore it from a copy, or make it again: ser retry {result.JobId}, then ser resume.");

    private static Task EachAsync<T>(IEnumerable<T> items, Func<T, Task> work) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (item, _) => await work(item).ConfigureAwait(false));

    private T Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return work().GetAwaiter().GetResult();
        }
        catch (Exception problem) when (problem is not StorageException && S3Failure.From(problem, _settings) is { } storage)
        {
            throw storage;
        }
    }
}
