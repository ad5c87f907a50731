using Ser.Storage.Data;

namespace Ser.Storage.Artifacts;

/// <summary>
/// One process' place in a cache: holders/{n}/lock, held while it lives; holders/{n}/held, what must stay; holders/{n}/parts/, what it is making. What a dead process has left is removed by who takes its place.
/// Beside it cache.lock, held for the moment of a change by one of all, with the bytes of all entries in it.
/// </summary>
internal sealed class CacheHolder : IDisposable
{
    // Things that a process has opened last and that stay: far more than the parents and inputs of the jobs that it runs at a time.
    private const int Most = 32;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(2);

    private readonly string _folder;
    private readonly string _own;
    private readonly FileStream _lock;
    private readonly Lock _one = new();
    private readonly ManualResetEventSlim _never = new();
    private readonly LinkedList<HashSet<string>> _opened = new();
    private int _parts;

    private CacheHolder(string folder, string own, FileStream held)
    {
        (_folder, _own, _lock) = (folder, own, held);
        if (Directory.Exists(Scratch))
        {
            Directory.Delete(Scratch, recursive: true);
        }

        Directory.CreateDirectory(Scratch);
        File.WriteAllText(HeldFile(own), "");
    }

    /// <summary>Where this process makes files.</summary>
    public string Scratch => Path.Combine(_own, "parts");

    /// <summary>Takes the first place that no living process has.</summary>
    public static CacheHolder Take(string folder)
    {
        for (int number = 1; ; number++)
        {
            string own = Path.Combine(folder, "holders", $"{number}");
            Directory.CreateDirectory(own);
            if (FileLock.TryTake(LockFile(own)) is { } held)
            {
                return new CacheHolder(folder, own, held);
            }
        }
    }

    /// <summary>A path for something new in <see cref="Scratch"/>.</summary>
    public string NewPart() => Path.Combine(Scratch, $"{Interlocked.Increment(ref _parts)}");

    /// <summary>These stay until <see cref="Most"/> others have been opened after them.</summary>
    public void Hold(IReadOnlyList<string> digests) => Alone(total =>
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
        if (_opened.Count > Most)
        {
            _opened.RemoveLast();
        }

        File.WriteAllLines(HeldFile(_own), _opened.SelectMany(opened => opened).Distinct());
        return total;
    });

    /// <summary>What living processes hold. For use within <see cref="Alone"/>.</summary>
    public HashSet<string> HeldByAll()
    {
        var held = new HashSet<string>();
        foreach (string other in Directory.GetDirectories(Path.Combine(_folder, "holders")))
        {
            if (other != _own && FileLock.TryTake(LockFile(other)) is { } dead)
            {
                dead.Dispose();
                continue;
            }

            held.UnionWith(File.Exists(HeldFile(other)) ? File.ReadAllLines(HeldFile(other)) : []);
        }

        return held;
    }

    /// <summary>Changes the cache while no other process and no other thread does.</summary>
    /// <param name="change">From the bytes of all entries before to those after.</param>
    public void Alone(Func<long, long> change)
    {
        lock (_one)
        {
            FileStream? all;
            while ((all = FileLock.TryTake(Path.Combine(_folder, "cache.lock"))) is null)
            {
                _never.Wait(LookAgain);
            }

            using (all)
            {
                Span<byte> bytes = stackalloc byte[sizeof(long)];
                long before = all.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length ? BitConverter.ToInt64(bytes) : 0;
                long after = change(before);
                if (after != before)
                {
                    BitConverter.TryWriteBytes(bytes, after);
                    all.Position = 0;
                    all.Write(bytes);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
        _never.Dispose();
    }

    private static string LockFile(string own) => Path.Combine(own, "lock");

    private static string HeldFile(string own) => Path.Combine(own, "held");
}
