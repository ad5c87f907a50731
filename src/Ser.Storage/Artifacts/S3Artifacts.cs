using System.Globalization;
using System.Security.Cryptography;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Storage.Artifacts;

/// <summary>
/// Artifacts in an S3 bucket; see <see cref="IArtifactStore"/>. Requests are retried for up to a minute after errors of the network or the
/// store, before an exception is thrown.
/// </summary>
public sealed class S3Artifacts : IArtifactStore, IDisposable
{
    /// <summary>Maximum number of objects that are transferred at a time.</summary>
    internal const int MaxParallelTransfers = 16;

    // Up to this many files are checked one by one; for more the bucket is listed, which returns a thousand sizes per request.
    private const int MaxSingleChecks = 50;

    private static readonly TimeSpan RetryBudget = TimeSpan.FromSeconds(60);

    private readonly S3Settings _settings;
    private readonly ArtifactCache _cache;
    private readonly S3Bucket _bucket;
    private readonly TimeProvider _clock;

    /// <param name="settings">Address and credentials of the bucket; must be valid.</param>
    /// <param name="cache">Cache for downloads.</param>
    /// <param name="clock">Measures timeouts.</param>
    public S3Artifacts(S3Settings settings, ArtifactCache cache, TimeProvider clock)
        : this(settings, cache, clock, RetryBudget)
    {
    }

    internal S3Artifacts(S3Settings settings, ArtifactCache cache, TimeProvider clock, TimeSpan budget)
    {
        (_settings, _cache, _clock) = (settings, cache, clock);
        _bucket = new S3Bucket(settings, clock, budget);
    }

    /// <inheritdoc/>
    public string Publish(string stage, Lease lease, string folder, IReadOnlyDictionary<string, string> environment) =>
        TranslateErrors(() => UploadResultAsync(stage, lease, folder, environment));

    private async Task<string> UploadResultAsync(
        string stage, Lease lease, string folder, IReadOnlyDictionary<string, string> environment)
    {
        string attempt = ArtifactKeys.Attempt(stage, lease.JobId, lease.Attempt);
        var files = ManifestFile.ListFiles(folder).Select(name => ManifestFile.Describe(folder, name)).ToList();
        byte[] manifest = ManifestFile.Write(new Manifest(lease.JobId, stage, lease.Attempt, files, environment));
        string digest = ManifestFile.ComputeDigest(manifest);

        // Old objects exist only if the job store was recreated: within one store no attempt number occurs twice. The manifest is removed
        // first, because a folder without one does not count as a result.
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
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Downloads and hashes every byte: the ETag of an object that was uploaded in parts is not its digest, and not every server supports
    /// checksums.
    /// </remarks>
    public string? Verify(JobResult result) => TranslateErrors(async () =>
    {
        string attempt = ArtifactKeys.Attempt(result.Stage, result.JobId, result.Attempt);
        string manifestKey = attempt + ArtifactKeys.ManifestName;
        byte[]? bytes = await ReadBlobAsync(manifestKey).ConfigureAwait(false);
        var (manifest, problem) = ManifestFile.Read(manifestKey, bytes, result.ManifestDigest);
        problem ??= ManifestFile.FindAttemptMismatch(manifestKey, manifest!, result.JobId, result.Attempt);
        if (problem is not null)
        {
            return problem;
        }

        var checks = manifest!.Files.Select(file => VerifyFileAsync(attempt + file.Name, file));
        var problems = await Task.WhenAll(checks).ConfigureAwait(false);
        return problems.OfType<string>().FirstOrDefault();
    });

    /// <inheritdoc/>
    public string Open(JobResult result) => TranslateErrors(() =>
    {
        Task Download(string digest, string folder) => DownloadResultAsync(result, digest, folder);
        return Task.FromResult(_cache.Open([result.ManifestDigest], Download)[0]);
    });

    private async Task DownloadResultAsync(JobResult result, string digest, string folder)
    {
        string attempt = ArtifactKeys.Attempt(result.Stage, result.JobId, result.Attempt);
        string manifestKey = attempt + ArtifactKeys.ManifestName;
        byte[]? bytes = await ReadBlobAsync(manifestKey).ConfigureAwait(false);
        var (manifest, problem) = ManifestFile.Read(manifestKey, bytes, digest);
        problem ??= ManifestFile.FindAttemptMismatch(manifestKey, manifest!, result.JobId, result.Attempt);
        if (problem is not null)
        {
            throw ManifestFile.Damaged(result, problem);
        }

        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, ArtifactKeys.ManifestName), bytes!).ConfigureAwait(false);
        await EachAsync(manifest!.Files, async file =>
        {
            string path = Path.Combine(folder, file.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!await DownloadAsync(attempt + file.Name, path).ConfigureAwait(false))
            {
                throw ManifestFile.Damaged(result, $"{attempt}{file.Name} does not exist");
            }

            if (ManifestFile.Describe(folder, file.Name) != file)
            {
                throw ManifestFile.Damaged(result, ManifestFile.MismatchMessage(attempt + file.Name));
            }
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Put(string key, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        TranslateErrors(async () =>
        {
            await _bucket.PutAsync(key, new MemoryStream(copy), ManifestFile.ComputeDigest(copy)).ConfigureAwait(false);
            return 0;
        });
    }

    /// <inheritdoc/>
    public byte[]? Get(string key) => TranslateErrors(() => ReadBlobAsync(key));

    /// <inheritdoc/>
    public void ShareInputs(IReadOnlyList<InputFile> files) => TranslateErrors(async () =>
    {
        bool manyFiles = files.Count > MaxSingleChecks;
        var listed = manyFiles ? await _bucket.ListAsync(ArtifactKeys.InputsFolder).ConfigureAwait(false) : null;
        await EachAsync(files.DistinctBy(file => file.Sha256), file => ShareAsync(file, listed)).ConfigureAwait(false);
        return 0;
    });

    private async Task ShareAsync(InputFile file, IReadOnlyDictionary<string, long>? listed)
    {
        if (!File.Exists(file.Path))
        {
            throw new InputException($"{file.Path} no longer exists: put it back and submit again.");
        }

        await using var stream = File.OpenRead(file.Path);
        string key = ArtifactKeys.Input(file.Sha256);
        long? storedBytes = listed is null
            ? (await _bucket.StatAsync(key).ConfigureAwait(false))?.Bytes
            : listed.TryGetValue(key, out long bytes) ? bytes : null;
        if (stream.Length == storedBytes)
        {
            return;
        }

        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(stream).ConfigureAwait(false)) != file.Sha256)
        {
            throw new InputException($"{file.Path} has changed since it was read: submit again.");
        }

        stream.Position = 0;
        await _bucket.PutAsync(key, stream, file.Sha256).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FetchInputs(IReadOnlyList<InputFile> files)
    {
        var names = files.DistinctBy(file => file.Sha256).ToDictionary(file => file.Sha256, file => file.Path);
        string[] digests = [.. files.Select(file => file.Sha256)];
        async Task DownloadInputAsync(string digest, string path)
        {
            string key = ArtifactKeys.Input(digest);
            if (!await DownloadAsync(key, path).ConfigureAwait(false))
            {
                throw new InvalidDataException(
                    $"{names[digest]} is not in the object store ({key}): submit the experiment again, "
                    + "or if its licence forbids copies, configure its local path on this machine (OwnCorpora).");
            }
        }

        return TranslateErrors(() => Task.FromResult(_cache.Open(digests, DownloadInputAsync)));
    }

    /// <inheritdoc/>
    public void PutCheckpoint(string key, Action<string> write) => TranslateErrors(async () =>
    {
        string path = Path.Combine(_cache.Scratch, ObjectKeys.Validate(key).Replace('/', '-'));
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
    public string? OpenCheckpoint(string key) => TranslateErrors(async () =>
    {
        if (await _bucket.StatAsync(key).ConfigureAwait(false) is not { } facts)
        {
            return null;
        }

        string digest = facts.Sha256 ?? throw new StorageException(
            $"{key} in bucket {_settings.Bucket} has no SHA-256 in its metadata: it is not a checkpoint that ser has written.");
        return _cache.Open([digest], (_, path) => DownloadAsync(key, path))[0];
    });

    /// <inheritdoc/>
    public void RemoveCheckpoints(string jobId, string? keep) => TranslateErrors(async () =>
    {
        var checkpoints = (await _bucket.ListAsync(ArtifactKeys.Checkpoints(jobId)).ConfigureAwait(false)).Keys;
        await _bucket.RemoveAsync([.. checkpoints.Where(key => key != keep)]).ConfigureAwait(false);
        return 0;
    });

    /// <inheritdoc/>
    public IReadOnlyList<string> JobsWithCheckpoints() => TranslateErrors(async () =>
    {
        var folders = await _bucket.ListAsync(ArtifactKeys.CheckpointsFolder, recursive: false).ConfigureAwait(false);
        return (IReadOnlyList<string>)[.. folders.Keys.Select(name => name.TrimEnd('/').Split('/')[^1])];
    });

    /// <inheritdoc/>
    public IReadOnlyList<StoredAttempt> Attempts(string stage) => TranslateErrors(async () =>
    {
        var objects = await _bucket.ListAsync(stage + "/").ConfigureAwait(false);
        return (IReadOnlyList<StoredAttempt>)[.. objects.Keys.Select(ParseAttempt).OfType<StoredAttempt>().Distinct()];
    });

    /// <inheritdoc/>
    public void Remove(StoredAttempt attempt) => TranslateErrors(async () =>
    {
        string folder = ArtifactKeys.Attempt(attempt.Stage, attempt.JobId, attempt.Attempt);
        await _bucket.RemoveAsync([folder + ArtifactKeys.ManifestName]).ConfigureAwait(false);
        var files = (await _bucket.ListAsync(folder).ConfigureAwait(false)).Keys;
        await _bucket.RemoveAsync([.. files]).ConfigureAwait(false);
        return 0;
    });

    /// <inheritdoc/>
    public int RemoveUnfinished(TimeSpan age) => TranslateErrors(() => _bucket.AbortUploadsAsync(null, _clock.GetUtcNow() - age));

    /// <inheritdoc/>
    public void Dispose() => _bucket.Dispose();

    // Keys are STAGE/JOB/ATTEMPT/FILE; null for any other.
    private static StoredAttempt? ParseAttempt(string key)
    {
        string[] parts = key.Split('/');
        return parts.Length > 3
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number > 0
            ? new StoredAttempt(parts[0], parts[1], number)
            : null;
    }

    private async Task<byte[]?> ReadBlobAsync(string key)
    {
        using var bytes = new MemoryStream();
        return await _bucket.ReadAsync(key, chunk => bytes.WriteAsync(chunk)).ConfigureAwait(false) ? bytes.ToArray() : null;
    }

    private async Task<bool> DownloadAsync(string key, string path)
    {
        await using var file = File.Create(path);
        return await _bucket.ReadAsync(key, chunk => file.WriteAsync(chunk)).ConfigureAwait(false);
    }

    private async Task<string?> VerifyFileAsync(string key, ArtifactFile file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long bytes = 0;
        bool exists = await _bucket.ReadAsync(key, chunk =>
        {
            hash.AppendData(chunk.Span);
            bytes += chunk.Length;
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        if (!exists)
        {
            return $"{key} does not exist";
        }

        bool matches = bytes == file.Bytes && Convert.ToHexStringLower(hash.GetHashAndReset()) == file.Sha256;
        return matches ? null : ManifestFile.MismatchMessage(key);
    }

    private static Task EachAsync<T>(IEnumerable<T> items, Func<T, Task> action)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MaxParallelTransfers };
        return Parallel.ForEachAsync(items, parallel, async (item, _) => await action(item).ConfigureAwait(false));
    }

    private T TranslateErrors<T>(Func<Task<T>> action)
    {
        try
        {
            return action().GetAwaiter().GetResult();
        }
        catch (Exception problem) when (problem is not StorageException && S3Failure.From(problem, _settings) is { } storage)
        {
            throw storage;
        }
    }
}
