using System.Text;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Artifacts;
using Ser.TestSupport;

namespace Ser.Storage.Tests.Artifacts;

/// <summary>The conformance suite on a real object store, and the failures that only such a store has.</summary>
public sealed class S3ArtifactsTests : ArtifactConformance
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2), Long = TimeSpan.FromSeconds(20);

    private readonly List<IDisposable> _opened = [];
    private S3Settings? _settings;

    private S3Settings Settings => _settings ??= TestServers.S3();

    public override void Dispose()
    {
        _opened.ForEach(opened => opened.Dispose());
        base.Dispose();
    }

    [Fact]
    public void A_bucket_that_is_missing_is_made_on_first_use()
    {
        var store = Open(Settings with { Bucket = $"{Settings.Bucket}-new" }, Short);

        Assert.Empty(store.JobsWithCheckpoints());
        store.Put("corpora/x.json", "one"u8);
        Assert.Equal("one", Encoding.UTF8.GetString(store.Get("corpora/x.json")!));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Wrong_keys_are_reported_but_not_printed(bool secret)
    {
        Store().Put("corpora/x.json", "one"u8);
        var wrong = Open(secret ? Settings with { SecretKey = "open sesame" } : Settings with { AccessKey = "open sesame" }, Short);

        var problem = Assert.Throws<StorageException>(() => wrong.Put("corpora/x.json", "two"u8));
        Assert.Contains("S3:SecretKey", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Settings.SecretKey, problem.ToString(), StringComparison.Ordinal);
        Assert.Throws<StorageException>(() => wrong.Get("corpora/x.json"));
    }

    [Fact]
    public async Task A_store_that_stays_unreachable_is_a_storage_failure_that_names_it()
    {
        await using var wire = new CuttableProxy(Server.Host, Server.Port);
        var store = Open(Settings with { Endpoint = $"http://127.0.0.1:{wire.Port}" }, Short);
        store.Put("corpora/x.json", "one"u8);
        wire.Cut();

        Action[] uses =
        [
            () => store.Put("corpora/y.json", "two"u8),
            () => store.Get("corpora/x.json"),
            () => store.OpenCheckpoint("checkpoints/a/1-1"),
            () => Publish(store),
        ];
        foreach (var use in uses)
        {
            string message = Assert.Throws<StorageException>(use).Message;
            Assert.Contains($"127.0.0.1:{wire.Port} cannot be reached", message, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(Folder.At("output", "model.txt")));
    }

    [Fact]
    public async Task A_store_that_comes_back_is_waited_for()
    {
        await using var wire = new CuttableProxy(Server.Host, Server.Port);
        var store = Open(Settings with { Endpoint = $"http://127.0.0.1:{wire.Port}" }, Long);
        store.Put("corpora/x.json", "one"u8);
        wire.Cut();
        var put = Task.Run(() => store.Put("corpora/x.json", "two"u8));
        await Assert.ThrowsAsync<TimeoutException>(() => put.WaitAsync(TimeSpan.FromSeconds(0.5)));
        wire.Restore();
        await put.WaitAsync(Long);

        Assert.Equal("two", Encoding.UTF8.GetString(Store().Get("corpora/x.json")!));
    }

    [Theory]
    [InlineData(3_000_000)]
    [InlineData(14_000_000)]
    public async Task A_cut_in_the_middle_of_an_upload_or_a_download_costs_no_more_than_a_part(long after)
    {
        var bytes = new byte[20_000_000];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)((i * 2_654_435_761) >> 11);
        }

        await using var wire = new CuttableProxy(Server.Host, Server.Port);
        var store = Open(Settings with { Endpoint = $"http://127.0.0.1:{wire.Port}" }, Long);
        wire.CutAfter(after);
        store.PutCheckpoint("checkpoints/job/1-1", path => File.WriteAllBytes(path, bytes));
        wire.CutAfter(after);

        Assert.Equal(bytes, File.ReadAllBytes(store.OpenCheckpoint("checkpoints/job/1-1")!));
        using var bucket = new S3Bucket(Settings, TimeProvider.System, Short);
        Assert.Equal(0, await bucket.AbortUploadsAsync(null));
    }

    [Fact]
    public async Task A_half_uploaded_result_is_not_there_and_its_parts_can_be_removed()
    {
        await using var wire = new CuttableProxy(Server.Host, Server.Port);
        var store = Open(Settings with { Endpoint = $"http://127.0.0.1:{wire.Port}" }, Short);
        Directory.CreateDirectory(Folder.At("output"));
        File.WriteAllBytes(Folder.At("output", "model.bin"), new byte[20_000_000]);
        Assert.Empty(store.JobsWithCheckpoints());
        var lease = new Lease("job", 1, "w");
        var publish = Task.Run(() => store.Publish("Train", lease, Folder.At("output"), new Dictionary<string, string>()));
        while (!publish.IsCompleted && wire.BytesForwarded < 8_000_000)
        {
            await Task.Yield();
        }

        wire.Cut();
        await Assert.ThrowsAsync<StorageException>(() => publish);

        Assert.Null(Raw("Train/job/1/result.json"));
        Assert.Contains("result.json does not exist", Store().Verify(new JobResult("job", "Train", 1, "")), StringComparison.Ordinal);
        Assert.Equal(0, ((S3Artifacts)Store()).RemoveUnfinished(TimeSpan.FromHours(1)));
        Assert.Equal(1, ((S3Artifacts)Store()).RemoveUnfinished(TimeSpan.FromSeconds(-10)));
        Assert.Equal(0, ((S3Artifacts)Store()).RemoveUnfinished(TimeSpan.FromSeconds(-10)));
    }

    [Fact]
    public void Inputs_that_are_there_do_not_travel_again_and_those_that_have_changed_do_not_travel()
    {
        var (one, two) = (Input("a.wav", "one"), Input("b.wav", "two"));
        Store().ShareInputs([one]);
        File.Delete(one.Path);
        Assert.Throws<InputException>(() => Store().ShareInputs([one]));
        File.WriteAllText(one.Path, "ONE");
        Store().ShareInputs([one]);
        File.WriteAllText(two.Path, "TWO");

        Assert.Contains("b.wav has changed",
            Assert.Throws<InputException>(() => Store().ShareInputs([two])).Message, StringComparison.Ordinal);
        Assert.Equal("one", File.ReadAllText(Store().FetchInputs([one])[0]));
        Assert.Contains("OwnCorpora", Assert.Throws<InvalidDataException>(() => Store().FetchInputs([two])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_inputs_only_the_missing_and_the_damaged_ones_are_uploaded()
    {
        InputFile[] files = [.. Enumerable.Range(0, 120).Select(i => Input($"{i}.wav", $"sound {i}"))];
        Store().ShareInputs(files[..60]);
        Damage("inputs/" + files[0].Sha256, "cut");
        Damage("inputs/" + files[1].Sha256, null);
        Damage("inputs/" + files[2].Sha256, "SOUND 2"); // as long as the right one: verified when fetched, not sent again
        Store().ShareInputs(files);

        Assert.Equal("SOUND 2", Encoding.UTF8.GetString(Raw("inputs/" + files[2].Sha256)!));
        Assert.Equal(["sound 0", "sound 1", "sound 119"], Store().FetchInputs([files[0], files[1], files[119]]).Select(File.ReadAllText));
    }

    [Fact]
    public void A_damaged_local_copy_is_fetched_again_and_a_damaged_object_is_reported()
    {
        var one = Input("a.wav", "one");
        Store().ShareInputs([one]);
        File.WriteAllText(Store().FetchInputs([one])[0], "ONE");
        Assert.Equal("one", File.ReadAllText(Store().FetchInputs([one])[0]));

        var two = Input("b.wav", "two");
        Store().ShareInputs([two]);
        Damage("inputs/" + two.Sha256, "TWO");
        Assert.Contains("damaged", Assert.Throws<StorageException>(() => Store().FetchInputs([two])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_lies_under_the_prefix()
    {
        Publish();
        Store().Put("corpora/x.json", "one"u8);
        var whole = new S3Bucket(Settings with { Prefix = null }, TimeProvider.System, Short);
        _opened.Add(whole);

        string[] expected =
        [
            $"{Settings.Prefix}/Train/job/3/inner/b.bin",
            $"{Settings.Prefix}/Train/job/3/model.txt",
            $"{Settings.Prefix}/Train/job/3/result.json",
            $"{Settings.Prefix}/corpora/x.json",
        ];
        Assert.Equal(expected, (await whole.ListAsync($"{Settings.Prefix}/")).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Settings_do_not_print_their_keys()
    {
        string text = new S3Settings("http://store:9000", "ser", "who-we-are", "open sesame").ToString();

        Assert.Contains("http://store:9000", text, StringComparison.Ordinal);
        Assert.DoesNotContain("who-we-are", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", text, StringComparison.Ordinal);
    }

    protected override IArtifactStore Store() => Open(Settings, Long);

    protected override byte[]? Raw(string key)
    {
        using var bucket = new S3Bucket(Settings, TimeProvider.System, Short);
        using var bytes = new MemoryStream();
        return bucket.ReadAsync(key, chunk => bytes.WriteAsync(chunk)).Result ? bytes.ToArray() : null;
    }

    protected override void Damage(string key, string? content)
    {
        using var bucket = new S3Bucket(Settings, TimeProvider.System, Short);
        (content is null ? bucket.RemoveAsync([key]) : bucket.PutAsync(key, new MemoryStream(Encoding.UTF8.GetBytes(content)), "")).Wait();
    }

    private Uri Server => new(Settings.Endpoint);

    private S3Artifacts Open(S3Settings settings, TimeSpan budget)
    {
        var cache = new ArtifactCache(Folder.At("cache"), 1 << 30, TimeProvider.System);
        var store = new S3Artifacts(settings, cache, TimeProvider.System, budget);
        _opened.AddRange([store, cache]);
        return store;
    }
}
