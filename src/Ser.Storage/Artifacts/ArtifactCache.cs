using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ser.Domain;
using Ser.Domain.Artifacts;

namespace Ser.Storage.Artifacts;

/// <summary>
/// Copies of objects of an object store on this machine's disk, keyed by SHA-256: that of the file, or of the manifest for a result's
/// folder. When the limit is reached, the least recently used entries are removed, except those that a running process has opened recently.
/// Any number of processes of one machine share a cache. Downloads in progress do not count towards the limit.
/// </summary>
public sealed class ArtifactCache : IDisposable
{
    // One part in this many of the limit is freed beyond what is needed, so that not every new entry has to list all others.
    private const int TrimMargin = 20;

    private readonly string _entries;
    private readonly long _limit;
    private readonly TimeProvider _clock;
    private readonly CacheRegistration _holder;
    private readonly ConcurrentDictionary<string, bool> _verified = new();
    private readonly ConcurrentDictionary<string, Lazy<Task>> _inProgress = new();

    /// <param name="folder">The folder of the cache; created if missing.</param>
    /// <param name="limit">Maximum total size of the entries in bytes.</param>
    /// <param name="clock">Source of the times at which entries were used.</param>
    public ArtifactCache(string folder, long limit, TimeProvider clock)
    {
        (_entries, _limit, _clock) = (Path.Combine(folder, "entries"), limit, clock);
        Directory.CreateDirectory(_entries);
        _holder = CacheRegistration.Create(folder);
    }

    /// <summary>Local folder of this process for temporary files.</summary>
    public string Scratch => _holder.Scratch;

    /// <summary>Returns the paths of entries in the given order. Missing and damaged entries are fetched.</summary>
    /// <param name="digests">SHA-256 of each entry, lower-case hex.</param>
    /// <param name="fetch">Downloads the file or folder with the digest (first argument) to the path (second argument).</param>
    /// <exception cref="StorageException">The download has another digest, or everything in the cache is in use.</exception>
    public IReadOnlyList<string> Open(IReadOnlyList<string> digests, Func<string, string, Task> fetch)
    {
        _holder.Hold(digests);
        Task EnsureOnceAsync(string digest) => _inProgress.GetOrAdd(digest, key => new Lazy<Task>(() => EnsureAsync(key, fetch))).Value;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = S3Artifacts.MaxParallelTransfers };
        Parallel
            .ForEachAsync(digests.Distinct(), parallel, async (digest, _) => await EnsureOnceAsync(digest).ConfigureAwait(false))
            .GetAwaiter().GetResult();
        return [.. digests.Select(EntryPath)];
    }

    /// <inheritdoc/>
    public void Dispose() => _holder.Dispose();

    private async Task EnsureAsync(string digest, Func<string, string, Task> fetch)
    {
        try
        {
            if (IsIntact(digest))
            {
                Touch(digest);
                return;
            }

            string part = _holder.NewTemporaryPath();
            try
            {
                await fetch(digest, part).ConfigureAwait(false);
                if (DigestProblem(part, digest) is { } problem)
                {
                    throw new StorageException(
                        $"The object from the store is damaged: {problem}. Remove the object there and submit again.");
                }

                _holder.WithLock(total => AddEntry(digest, part, total));
            }
            finally
            {
                Remove(part);
            }

            _verified[digest] = true;
        }
        finally
        {
            _inProgress.TryRemove(digest, out _);
        }
    }

    private bool IsIntact(string digest)
    {
        if (!Path.Exists(EntryPath(digest)))
        {
            return false;
        }

        if (_verified.ContainsKey(digest) || DigestProblem(EntryPath(digest), digest) is null)
        {
            _verified[digest] = true;
            return true;
        }

        _holder.WithLock(total => total - RemoveEntry(EntryPath(digest)));
        return false;
    }

    private long AddEntry(string digest, string part, long total)
    {
        if (Path.Exists(EntryPath(digest)))
        {
            return total;
        }

        long size = SizeOf(part);
        if (total + size > _limit)
        {
            total = Trim(_limit - size);
        }

        Move(part, EntryPath(digest));
        Touch(digest);
        return total + size;
    }

    // Recomputes the total, because another process may have died between adding an entry and writing the total.
    private long Trim(long limit)
    {
        var held = _holder.ReadHeldDigests();
        var entries = new DirectoryInfo(_entries).EnumerateFileSystemInfos()
            .Select(entry => (entry.FullName, Used: entry.LastWriteTimeUtc, Bytes: SizeOf(entry.FullName)))
            .ToList();
        long total = entries.Sum(entry => entry.Bytes);
        long goal = total > limit ? limit - (_limit / TrimMargin) : limit;
        var removable = entries.OrderBy(entry => entry.Used).Where(entry => !held.Contains(Path.GetFileName(entry.FullName)));
        foreach (var entry in removable)
        {
            if (total <= goal)
            {
                break;
            }

            total -= RemoveEntry(entry.FullName);
        }

        if (total <= limit)
        {
            return total;
        }

        long missingMiB = ((total - limit) >> 20) + 1;
        throw new StorageException(
            $"The cache {_entries} is limited to {_limit >> 20} MiB and everything in it is in use: "
            + $"raise Cache:Limit by {missingMiB} MiB or more.");
    }

    private long RemoveEntry(string path)
    {
        long size = Path.Exists(path) ? SizeOf(path) : 0;
        string trash = _holder.NewTemporaryPath();
        Move(path, trash);
        Remove(trash);
        return size;
    }

    private void Touch(string digest)
    {
        try
        {
            Directory.SetLastWriteTimeUtc(EntryPath(digest), _clock.GetUtcNow().UtcDateTime);
        }
        catch (IOException)
        {
            // The entry was removed meanwhile, which happens only if no process holds it.
        }
    }

    private static string? DigestProblem(string path, string digest)
    {
        if (Directory.Exists(path))
        {
            string manifest = Path.Combine(path, ArtifactKeys.ManifestName);
            var (read, problem) = ManifestFile.Read(manifest, File.Exists(manifest) ? File.ReadAllBytes(manifest) : null, digest);
            return problem ?? ManifestFile.FindFileProblem(path, read!);
        }

        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == digest ? null : $"{path} does not have SHA-256 {digest}";
    }

    private static long SizeOf(string path) => Directory.Exists(path)
        ? new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length)
        : new FileInfo(path).Length;

    private static void Move(string from, string to)
    {
        if (Directory.Exists(from))
        {
            Directory.Move(from, to);
        }
        else if (File.Exists(from))
        {
            File.Move(from, to);
        }
    }

    private static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        File.Delete(path);
    }

    private string EntryPath(string digest) => Path.Combine(_entries, digest);
}
