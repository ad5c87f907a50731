using System.Security.Cryptography;
using Ser.Scheduler.Api;
using Ser.TestSupport;

namespace Ser.Scheduler.Tests.Api;

public sealed class InputStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_restart_keeps_every_complete_upload_and_deletes_abandoned_ones()
    {
        var stop = TestContext.Current.CancellationToken;
        var store = new InputStore(_folder.Path);
        byte[][] files = [.. Enumerable.Range(0, 48).Select(i => new[] { (byte)i })];
        string[] digests = [.. files.Select(file => Convert.ToHexStringLower(SHA256.HashData(file)))];
        foreach (var (digest, file) in digests.Zip(files))
        {
            await store.PutAsync(digest, new MemoryStream(file), stop);
        }

        string abandoned = store.PathOf(digests[0]) + ".1-1" + InputStore.PartialSuffix;
        string current = store.PathOf(digests[1]) + ".2-1" + InputStore.PartialSuffix;
        await File.WriteAllBytesAsync(abandoned, [1], stop);
        await File.WriteAllBytesAsync(current, [1], stop);
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000);
        File.SetLastWriteTimeUtc(abandoned, now.AddHours(-2).UtcDateTime);
        File.SetLastWriteTimeUtc(current, now.UtcDateTime);

        new InputStore(_folder.Path).DeletePartialUploads(now.AddHours(-1));

        Assert.All(digests, digest => Assert.True(store.Has(digest)));
        Assert.False(File.Exists(abandoned));
        Assert.True(File.Exists(current));
    }
}
