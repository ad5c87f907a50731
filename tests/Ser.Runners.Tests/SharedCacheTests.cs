using Ser.Learning;
using Ser.Storage.Data;
using Ser.TestSupport;

namespace Ser.Runners.Tests;

/// <summary>The worker's cache of decoded audio and features has a limit.</summary>
public sealed class SharedCacheTests : IDisposable
{
    private readonly CorpusFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_opened_longest_ago_goes_where_the_next_would_not_fit()
    {
        var cache = new SharedCache(_folder.At("cache"), Limit: 100);
        Fill(cache, "a", 40);
        Fill(cache, "b", 40);
        Fill(cache, "a", 40);
        Assert.Equal(["a", "b"], Names());

        // a was opened again after b.
        Fill(cache, "c", 60);
        Assert.Equal(["a", "c"], Names());

        // It is larger than the limit by itself, and in use.
        Fill(cache, "d", 140);
        Assert.Equal(["d"], Names());
    }

    [Fact]
    public void A_job_reads_on_what_was_removed_meanwhile_and_the_next_one_makes_it_again()
    {
        var cache = new SharedCache(_folder.At("cache"), Limit: 100);
        using var reader = new SlotFile(cache.Reserve("audio", 8), [8]);
        reader.Write(0, [1, 2, 3]);
        Fill(cache, "other", 95);
        Assert.Equal(["other"], Names());

        byte[] content = new byte[3];
        Assert.True(reader.TryRead(0, content));
        Assert.Equal([1, 2, 3], content);
        using var again = new SlotFile(cache.Reserve("audio", 8), [8]);
        Assert.Null(again.Length(0));
    }

    private string[] Names() =>
        [.. Directory.GetFiles(_folder.At("cache")).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    // Two calls in quick succession can leave equal file times.
    private static void Fill(SharedCache cache, string name, int bytes)
    {
        string path = cache.Reserve(name, bytes);
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            file.SetLength(bytes);
        }

        var others = Directory.GetFiles(Path.GetDirectoryName(path)!).Where(other => other != path);
        var last = others.Select(File.GetLastWriteTimeUtc).DefaultIfEmpty(DateTime.UnixEpoch).Max();
        File.SetLastWriteTimeUtc(path, last.AddSeconds(1));
    }
}
