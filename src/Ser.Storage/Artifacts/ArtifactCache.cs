using System.Collections.Concurrent;
using System.Security.Cryptography;
using Ser.Domain;
using Ser.Domain.Artifacts;

namespace Ser.Storage.Artifacts;

/// <summary>
/// Copies of what lies in an object store, on this machine's disk, by SHA-256: a file by its own, a result's folder by its manifest's. What was used longest ago is removed when the
/// limit is reached, but nothing that a living process has among the last things it opened. Any number of processes of one machine share a cache. What is being fetched comes on top of the limit.
/// </summary>
public sealed class ArtifactCache : IDisposable
{
    // A part of the limit that is freed beyond what is needed, so that not every entry looks at all others.
    private const int Slack = 20;

    private readonly string _entries;
    private readonly long _limit;
    private readonly TimeProvider _clock;
    private readonly CacheHolder _holder;
    private readonly ConcurrentDictionary<string, bool> _met = new();
    private readonly ConcurrentDictionary<string, Lazy<Task>> _coming = new();

    /// <param name="folder">The cache's folder; made where it is missing.</param>
    /// <param name="limit">Bytes of all entries together.</param>
    /// <param name="clock">Tells when an entry was used.</param>
    public ArtifactCache(string folder, long limit, TimeProvider clock)
    {
        (_entries, _limit, _clock) = (Path.Combine(folder, "entries"), limit, clock);
        Directory.CreateDirectory(_entries);
        _holder = CacheHolder.Take(folder);
    }

    /// <summary>Local folder of this process for files in the making.</summary>
    public string Scratch => _holder.Scratch;

    /// <summary>Paths of entries, in order; missing and damaged ones are fetched.</summary>
    /// <param name="digests">Lower-case hex SHA-256 of each.</param>
    /// <param name="fetch">Makes a file or a folder with that digest at the path that it is given.</param>
    /// <exception cref="StorageException">What was fetched has another digest, or everything in the cache is in use.</exception>
    public IReadOnlyList<string> Open(IReadOnlyList<string> digests, Func<string, string, Task> fetch)
    {
        _holder.Hold(digests);
        Parallel.ForEachAsync(digests.Distinct(), new ParallelOptions { MaxDegreeOfParallelism = S3Artifacts.AtOnce }, async (digest, _) =>
            await _coming.GetOrAdd(digest, key => new Lazy<Task>(() => EnterAsync(key, fetch))).Value.ConfigureAwait(false)).GetAwaiter().GetResult();
        return [.. digests.Select(At)];
    }

    /// <inheritdoc/>
    public void Dispose() => _holder.Dispose();

    private async Task EnterAsync(string digest, Func<string, string, Task> fetch)
    {
        try
        {
            if (IsWhole(digest))
            {
                Touch(digest);
                return;
            }

            string part = _holder.NewPart();
            try
            {
                await fetch(digest, part).ConfigureAwait(false);
                if (DigestProblem(part, digest) is { } problem)
                {
                    throw new StorageException($"What came from the object store is damaged: {problem}. Remove the object there and submit again.");
                }

                _holder.Alone(total => Place(digest, part, total));
            }
            finally
            {
                Remove(part);
            }

            _met[digest] = true;
        }
        finally
        {
            _coming.TryRemove(digest, out _);
        }
    }

    private bool IsWhole(string digest)
    {
        if (!Path.Exists(At(digest)))
        {
            return false;
        }

        if (_met.ContainsKey(digest) || DigestProblem(At(digest), digest) is null)
        {
            _met[digest] = true;
            return true;
        }

        _holder.Alone(total => total - RemoveEntry(At(digest)));
        return false;
    }

    private long Place(string digest, string part, long total)
    {
        if (Path.Exists(At(digest)))
        {
            return total;
        }

        long size = SizeOf(part);
        if (total + size > _limit)
        {
            total = Trim(_limit - size);
        }

        Move(part, At(digest));
        Touch(digest);
        return total + size;
    }

    // Counts anew: another process may have died between placing an entry and writing the total.
    private long Trim(long most)
    {
        var held = _holder.HeldByAll();
        var entries = new DirectoryInfo(_entries).EnumerateFileSystemInfos().Select(entry => (entry.FullName, Used: entry.LastWriteTimeUtc, Bytes: SizeOf(entry.FullName))).ToList();
        long total = entries.Sum(entry => entry.Bytes);
        long goal = total > most ? most - (_limit / Slack) : most;
        foreach (var entry in entries.OrderBy(entry => entry.Used).Where(entry => !held.Contains(Path.GetFileName(entry.FullName))))
        {
            if (total <= goal)
            {
                break;
            }

            total -= RemoveEntry(entry.FullName);
        }

        return total <= most ? total : throw new StorageException(
            $"The cache {_entries} may hold {_limit >> 20} MiB and everything in it is in use: raise Cache:Limit by {((total - most) >> 20) + 1} MiB or more.");
    }

    private long RemoveEntry(string path)
    {
        long size = Path.Exists(path) ? SizeOf(path) : 0;
        string away = _holder.NewPart();
        Move(path, away);
        Remove(away);
        return size;
    }

    private void Touch(string digest)
    {
        try
        {
            Directory.SetLastWriteTimeUtc(At(digest), _clock.GetUtcNow().UtcDateTime);
        }
        catch (IOException)
        {
            // Gone, which only happens to what nobody holds.
        }
    }

    private static string? DigestProblem(string path, string digest)
    {
        if (Directory.Exists(path))
        {
            string manifest = Path.Combine(path, ArtifactKeys.ManifestName);
            var (read, problem) = ManifestFile.Read(manifest, File.Exists(manifest) ? File.ReadAllBytes(manifest) : null, digest);
            return problem ?? ManifestFile.FilesProblem(path, read!);
        }

        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream)) == digest ? null : $"{path} does not have SHA-256 {digest}";
    }

    private static long SizeOf(string path) =>
        Directory.Exists(path) ? new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length) : new FileInfo(path).Length;

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

    private string At(string digest) => Path.Combine(_entries, digest);
}
