using System.Text;
using System.Text.Json;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.TestSupport;

namespace Ser.Storage.Tests.Artifacts;

/// <summary>What every implementation of <see cref="IArtifactStore"/> must do.</summary>
public abstract class ArtifactConformance : IDisposable
{
    private static readonly Lease Lease = new("job", 3, "w");

    protected TemporaryFolder Folder { get; } = new();

    /// <summary>Another client of the store under test.</summary>
    protected abstract IArtifactStore Store();

    /// <summary>The content under a key, read past the store; null if there is none.</summary>
    protected abstract byte[]? Raw(string key);

    /// <summary>Writes content under a key, or (null) deletes it, past the store.</summary>
    protected abstract void Damage(string key, string? content);

    public virtual void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_published_result_lists_every_file_in_a_manifest()
    {
        string digest = Publish();

        var manifest = JsonSerializer.Deserialize<Manifest>(Raw("Train/job/3/result.json"), JsonSerializerOptions.Web)!;
        Assert.Equal(("job", "Train", 3, "x86"), (manifest.JobId, manifest.Stage, manifest.Attempt, manifest.Environment["machine"]));
        Assert.Equal(
            [
                new ArtifactFile("inner/b.bin", 2, "a12871fee210fb8619291eaea194581cbd2531e4b23759d225f6806923f63222"),
                new ArtifactFile("model.txt", 5, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
            ],
            manifest.Files);
        Assert.Null(Store().Verify(new JobResult("job", "Train", 3, digest)));
        string opened = Store().Open(new JobResult("job", "Train", 3, digest));
        Assert.Equal("hello", File.ReadAllText(Path.Combine(opened, "model.txt")));
        Assert.Equal([1, 2], File.ReadAllBytes(Path.Combine(opened, "inner", "b.bin")));
        Assert.Empty(Directory.GetFiles(Folder.At("output"), "*", SearchOption.AllDirectories));
    }

    [Theory]
    [InlineData("model.txt", "hellO")]
    [InlineData("model.txt", "longer than before")]
    [InlineData("inner/b.bin", null)]
    [InlineData("result.json", null)]
    [InlineData("result.json", "{}")]
    public void Damage_is_found_and_the_file_named(string name, string? content)
    {
        string digest = Publish();
        Damage("Train/job/3/" + name, content);

        Assert.Contains(name, Store().Verify(new JobResult("job", "Train", 3, digest)), StringComparison.Ordinal);
        string message = Assert.Throws<StorageException>(() => Store().Open(new JobResult("job", "Train", 3, digest))).Message;
        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains("ser retry job", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_jobs_manifest_does_not_pass()
    {
        string digest = Publish();
        Damage("Train/other/3/result.json", Encoding.UTF8.GetString(Raw("Train/job/3/result.json")!));

        Assert.Contains("belongs to job job", Store().Verify(new JobResult("other", "Train", 3, digest)), StringComparison.Ordinal);
        var error = Assert.Throws<StorageException>(() => Store().Open(new JobResult("other", "Train", 3, digest)));
        Assert.Contains("belongs to job job", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../../elsewhere")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\\\b")]
    public void A_manifest_that_names_a_file_elsewhere_does_not_pass(string name)
    {
        const string OfNothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        string file = $$"""{"name":"{{name}}","bytes":0,"sha256":"{{OfNothing}}"}""";
        string manifest = $$$"""{"jobId":"job","stage":"Train","attempt":1,"files":[{{{file}}}],"environment":{}}""";
        Damage("Train/job/1/result.json", manifest);
        string digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(manifest)));

        string? problem = Store().Verify(new JobResult("job", "Train", 1, digest));
        Assert.Contains("cannot belong to a result", problem, StringComparison.Ordinal);
        Assert.Throws<StorageException>(() => Store().Open(new JobResult("job", "Train", 1, digest)));
    }

    [Fact]
    public void What_an_older_store_left_under_an_attempt_is_no_part_of_a_new_result()
    {
        Damage("Train/job/3/stale.bin", "of another life");
        Damage("Train/job/3/result.json", "{}");
        string digest = Publish();

        Assert.Null(Raw("Train/job/3/stale.bin"));
        Assert.Null(Store().Verify(new JobResult("job", "Train", 3, digest)));
    }

    [Fact]
    public void Blobs_are_replaced_whole()
    {
        Assert.Null(Store().Get("corpora/x.json"));
        Store().Put("corpora/x.json", "one"u8);
        Store().Put("corpora/x.json", "two"u8);
        Store().Put("corpora/empty.json", ""u8);

        Assert.Equal("two", Encoding.UTF8.GetString(Store().Get("corpora/x.json")!));
        Assert.Empty(Store().Get("corpora/empty.json")!);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("corpora/../../x")]
    [InlineData("/etc/passwd")]
    [InlineData("a//b")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("./a")]
    [InlineData("")]
    public void A_key_cannot_lead_out_of_the_store(string key)
    {
        Assert.Throws<ArgumentException>(() => Store().Put(key, "x"u8));
        Assert.Throws<ArgumentException>(() => Store().Get(key));
        Assert.Throws<ArgumentException>(() => Store().PutCheckpoint(key, path => File.WriteAllText(path, "x")));
        Assert.Throws<ArgumentException>(() => Store().OpenCheckpoint(key));
        if (key.Length > 0)
        {
            Assert.Throws<ArgumentException>(() => Store().Verify(new JobResult(key, "Train", 1, "")));
            Assert.Throws<ArgumentException>(() => Store().RemoveCheckpoints(key, null));
        }
    }

    [Fact]
    public void A_checkpoint_that_was_not_written_to_its_end_leaves_the_last_one_alone()
    {
        string key = ArtifactKeys.Checkpoint("job", 1, 1);
        Store().PutCheckpoint(key, path => File.WriteAllText(path, "whole"));
        Assert.Throws<InvalidOperationException>(() => Store().PutCheckpoint(key, path =>
        {
            File.WriteAllText(path, "ha");
            throw new InvalidOperationException("killed");
        }));

        Assert.Equal("whole", File.ReadAllText(Store().OpenCheckpoint(key)!));
        Assert.Null(Store().OpenCheckpoint(ArtifactKeys.Checkpoint("job", 1, 2)));
    }

    [Fact]
    public void Older_checkpoints_are_removed_and_with_the_job_all()
    {
        for (int number = 1; number <= 3; number++)
        {
            Store().PutCheckpoint(ArtifactKeys.Checkpoint("job", 1, number), path => File.WriteAllText(path, "x"));
        }

        Store().PutCheckpoint(ArtifactKeys.Checkpoint("job2", 1, 1), path => File.WriteAllText(path, "y"));
        Store().RemoveCheckpoints("job", ArtifactKeys.Checkpoint("job", 1, 2));
        Assert.Null(Store().OpenCheckpoint(ArtifactKeys.Checkpoint("job", 1, 3)));
        Assert.NotNull(Store().OpenCheckpoint(ArtifactKeys.Checkpoint("job", 1, 2)));
        Assert.Equal(["job", "job2"], Store().JobsWithCheckpoints().Order());
        Store().RemoveCheckpoints("job", null);
        Store().RemoveCheckpoints("job", null);
        Assert.Equal(["job2"], Store().JobsWithCheckpoints());
        Assert.Equal("y", File.ReadAllText(Store().OpenCheckpoint(ArtifactKeys.Checkpoint("job2", 1, 1))!));
    }

    [Fact]
    public void A_checkpoint_comes_back_to_the_bit()
    {
        var bytes = new byte[12_345_678];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)((i * 2_654_435_761) >> 13);
        }

        Store().PutCheckpoint("checkpoints/job/1-1", path => File.WriteAllBytes(path, bytes));

        Assert.Equal(bytes, File.ReadAllBytes(Store().OpenCheckpoint("checkpoints/job/1-1")!));
    }

    [Fact]
    public void Shared_inputs_are_at_hand_by_digest()
    {
        var files = new[] { Input("a.wav", "one"), Input("b.wav", "two"), Input("copy.wav", "one") };
        Store().ShareInputs(files);
        Store().ShareInputs(files);

        Assert.Equal(["one", "two", "one"], Store().FetchInputs(files).Select(File.ReadAllText));
    }

    [Fact]
    public void A_full_disk_is_a_failure_of_the_storage()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full, a device that is always full");

        var problem = Assert.Throws<StorageException>(() => Store().PutCheckpoint("checkpoints/job/1-1", path =>
        {
            File.WriteAllText(path, "");
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
            full.Write(new byte[1]);
            full.Flush();
        }));
        Assert.Contains("full", problem.Message, StringComparison.Ordinal);
        Assert.Null(Store().OpenCheckpoint("checkpoints/job/1-1"));
    }

    protected InputFile Input(string name, string content)
    {
        string path = Folder.At("inputs", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return new InputFile(path, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(content))));
    }

    protected string Publish(IArtifactStore? store = null)
    {
        Directory.CreateDirectory(Folder.At("output", "inner"));
        File.WriteAllText(Folder.At("output", "model.txt"), "hello");
        File.WriteAllBytes(Folder.At("output", "inner", "b.bin"), [1, 2]);
        return (store ?? Store()).Publish("Train", Lease, Folder.At("output"), new Dictionary<string, string> { ["machine"] = "x86" });
    }
}
