using System.Security.Cryptography;
using System.Text;
using Ser.Domain;
using Ser.Storage.Artifacts;
using Ser.TestSupport;

namespace Ser.Storage.Tests.Artifacts;

/// <summary>Entries of 100 bytes. A process holds the 32 entries that it opened last.</summary>
public sealed class ArtifactCacheTests : IDisposable
{
    private const int Bytes = 100, Holds = 32;

    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_used_longest_ago_goes_when_the_limit_is_reached()
    {
        using var cache = Cache(40 * Bytes);
        for (int i = 0; i < 40; i++)
        {
            Open(cache, i);
        }

        Open(cache, 0); // now entry 1 is the least recently used
        Open(cache, 40);

        Assert.True(IsThere(0));
        Assert.False(IsThere(1));
        Assert.All(Enumerable.Range(41 - Holds, Holds), i => Assert.True(IsThere(i)));
        Assert.True(OnDisk <= 40 * Bytes);
    }

    [Fact]
    public void Nothing_that_is_in_use_goes_and_the_limit_holds()
    {
        using var cache = Cache(5 * Bytes);
        for (int i = 0; i < 5; i++)
        {
            Open(cache, i);
        }

        Assert.Contains("Cache:Limit", Assert.Throws<StorageException>(() => Open(cache, 5)).Message, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, 5), i => Assert.True(IsThere(i)));
        Assert.Equal(5 * Bytes, OnDisk);
    }

    [Fact]
    public void What_another_living_process_uses_stays_and_what_a_dead_one_used_may_go()
    {
        var other = Cache(40 * Bytes);
        Open(other, 0);
        using var cache = Cache(40 * Bytes);
        for (int i = 1; i < 60; i++)
        {
            Open(cache, i);
        }

        Assert.True(IsThere(0));
        other.Dispose();
        for (int i = 60; i < 100; i++)
        {
            Open(cache, i);
        }

        Assert.False(IsThere(0));
        Assert.True(OnDisk <= 40 * Bytes);
    }

    [Fact]
    public void What_has_another_digest_does_not_enter()
    {
        using var cache = Cache(40 * Bytes);

        var error = Assert.Throws<StorageException>(() =>
            cache.Open([Digest(1)], (_, path) => File.WriteAllTextAsync(path, "something else")));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        Assert.False(IsThere(1));
        Assert.Empty(Directory.GetFileSystemEntries(cache.Scratch));
    }

    [Fact]
    public void A_fetch_that_fails_leaves_nothing_and_is_made_again()
    {
        using var cache = Cache(40 * Bytes);
        Assert.Throws<InvalidOperationException>(() => cache.Open([Digest(1)], (_, path) =>
        {
            File.WriteAllText(path, "ha");
            throw new InvalidOperationException("cut off");
        }));
        Open(cache, 1);

        Assert.True(IsThere(1));
        Assert.Empty(Directory.GetFileSystemEntries(cache.Scratch));
    }

    [Fact]
    public void Rot_on_this_disk_is_found_by_the_next_process()
    {
        using (var before = Cache(40 * Bytes))
        {
            Open(before, 1);
        }

        File.WriteAllText(Entry(1), "rotten");
        using var cache = Cache(40 * Bytes);

        Assert.Equal(Content(1), File.ReadAllText(Open(cache, 1)));
    }

    [Fact]
    public void What_a_dead_process_was_making_is_removed_by_the_next()
    {
        using (var before = Cache(40 * Bytes))
        {
            File.WriteAllText(Path.Combine(before.Scratch, "1"), "half");
        }

        using var cache = Cache(40 * Bytes);
        Assert.Empty(Directory.GetFileSystemEntries(cache.Scratch));
    }

    [Fact]
    public void Many_threads_of_two_processes_agree_and_each_fetches_an_entry_once()
    {
        using var one = Cache(1000 * Bytes);
        using var two = Cache(1000 * Bytes);
        int fetched = 0;
        Parallel.For(0, 8, thread =>
        {
            var paths = (thread % 2 == 0 ? one : two).Open([.. Enumerable.Range(0, 200).Select(Digest)], (digest, path) =>
            {
                Interlocked.Increment(ref fetched);
                return File.WriteAllTextAsync(path, Content(Enumerable.Range(0, 200).First(i => Digest(i) == digest)));
            });
            Assert.All(paths.Index(), entry => Assert.Equal(Content(entry.Index), File.ReadAllText(entry.Item)));
        });

        Assert.InRange(fetched, 200, 400);
        Assert.Equal(200 * Bytes, OnDisk);
        Assert.Equal(200 * Bytes, BitConverter.ToInt64(File.ReadAllBytes(_folder.At("cache.lock"))));
    }

    private long OnDisk => new DirectoryInfo(_folder.At("entries")).EnumerateFiles().Sum(file => file.Length);

    private ArtifactCache Cache(long limit) => new(_folder.Path, limit, _clock);

    private string Open(ArtifactCache cache, int i)
    {
        _clock.Now += TimeSpan.FromSeconds(1);
        return cache.Open([Digest(i)], (_, path) => File.WriteAllTextAsync(path, Content(i)))[0];
    }

    private bool IsThere(int i) => File.Exists(Entry(i));

    private string Entry(int i) => _folder.At("entries", Digest(i));

    private static string Content(int i) => $"{i}".PadLeft(Bytes);

    private static string Digest(int i) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content(i))));
}
