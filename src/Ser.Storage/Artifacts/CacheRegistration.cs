using Ser.Domain;

namespace Ser.Storage.Artifacts;

/// <summary>
/// One process's registration in a cache: holders/{n}/lock, locked while the process runs; holders/{n}/held, the entries that must not be
/// removed; holders/{n}/parts/, its temporary files. A later process that takes the same number removes what an ended process has left.
/// Every change of the cache locks cache.lock, which also stores the total size of all entries.
/// </summary>
internal sealed class CacheRegistration : IDisposable
{
    // The entries of this many most recent opens stay registered: far more than the parents and inputs of a process's running jobs.
    private const int RegisteredOpens = 32;

    private static readonly TimeSpan LockPollInterval = TimeSpan.FromMilliseconds(2);

    private readonly string _folder;
    private readonly string _own;
    private readonly FileStream _lock;
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _neverSet = new();
    private readonly LinkedList<HashSet<string>> _opened = new();
    private int _parts;

    private CacheRegistration(string folder, string own, FileStream held)
    {
        (_folder, _own, _lock) = (folder, own, held);
        if (Directory.Exists(Scratch))
        {
            Directory.Delete(Scratch, recursive: true);
        }

        Directory.CreateDirectory(Scratch);
        File.WriteAllText(HeldFile(own), "");
    }

    /// <summary>Folder for temporary files of this process.</summary>
    public string Scratch => Path.Combine(_own, "parts");

    /// <summary>Takes the first number that no running process holds.</summary>
    public static CacheRegistration Create(string folder)
    {
        for (int number = 1; ; number++)
        {
            string own = Path.Combine(folder, "holders", $"{number}");
            Directory.CreateDirectory(own);
            if (FileLock.TryTake(LockFile(own)) is { } held)
            {
                return new CacheRegistration(folder, own, held);
            }
        }
    }

    /// <summary>Returns an unused path in <see cref="Scratch"/>.</summary>
    public string NewTemporaryPath() => Path.Combine(Scratch, $"{Interlocked.Increment(ref _parts)}");

    /// <summary>
    /// Registers these entries as in use. They are not removed until <see cref="RegisteredOpens"/> other sets have been opened after them.
    /// </summary>
    public void Hold(IReadOnlyList<string> digests) => WithLock(total =>
    {
        var set = digests.ToHashSet();
        var node = _opened.First;
        while (node is not null && !node.Value.SetEquals(set))
        {
            node = node.Next;
        }

        if (node is not null)
        {
            _opened.Remove(node);
            _opened.AddFirst(node);
            return total;
        }

        _opened.AddFirst(set);
        if (_opened.Count > RegisteredOpens)
        {
            _opened.RemoveLast();
        }

        File.WriteAllLines(HeldFile(_own), _opened.SelectMany(opened => opened).Distinct());
        return total;
    });

    /// <summary>Digests of the entries that running processes hold. Call only within <see cref="WithLock"/>.</summary>
    public HashSet<string> ReadHeldDigests()
    {
        var held = new HashSet<string>();
        foreach (string other in Directory.GetDirectories(Path.Combine(_folder, "holders")))
        {
            if (other != _own && FileLock.TryTake(LockFile(other)) is { } unused)
            {
                unused.Dispose();
                continue;
            }

            held.UnionWith(File.Exists(HeldFile(other)) ? File.ReadAllLines(HeldFile(other)) : []);
        }

        return held;
    }

    /// <summary>Runs a change of the cache under a lock that excludes other processes and threads.</summary>
    /// <param name="change">Takes the total size of all entries before the change and returns the size after it.</param>
    public void WithLock(Func<long, long> change)
    {
        lock (_gate)
        {
            FileStream? cacheLock;
            while ((cacheLock = FileLock.TryTake(Path.Combine(_folder, "cache.lock"))) is null)
            {
                _neverSet.Wait(LockPollInterval);
            }

            using (cacheLock)
            {
                Span<byte> bytes = stackalloc byte[sizeof(long)];
                bool isKnown = cacheLock.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length;
                long before = isKnown ? BitConverter.ToInt64(bytes) : 0;
                long after = change(before);
                if (after != before)
                {
                    BitConverter.TryWriteBytes(bytes, after);
                    cacheLock.Position = 0;
                    cacheLock.Write(bytes);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
        _neverSet.Dispose();
    }

    private static string LockFile(string own) => Path.Combine(own, "lock");

    private static string HeldFile(string own) => Path.Combine(own, "held");
}
