using System.Text;
using System.Text.Json;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Hosting.Artifacts;

namespace Ser.Hosting.Tests.Artifacts;

public sealed class FileArtifactsTests : IDisposable
{
    private static readonly Lease Lease = new("job", 3, "w");

    private readonly TemporaryFolder _folder = new();

    private FileArtifacts Store => new(_folder.At("artifacts"));

    private string Attempt => _folder.At("artifacts", "Train", "job", "3");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_published_result_lists_every_file_in_a_manifest()
    {
        string digest = Publish();

        var manifest = JsonSerializer.Deserialize<Manifest>(File.ReadAllBytes(Path.Combine(Attempt, "result.json")), JsonSerializerOptions.Web)!;
        Assert.Equal(("job", "Train", 3, "x86"), (manifest.JobId, manifest.Stage, manifest.Attempt, manifest.Environment["machine"]));
        Assert.Equal(
            [
                new ArtifactFile("inner/b.bin", 2, "a12871fee210fb8619291eaea194581cbd2531e4b23759d225f6806923f63222"),
                new ArtifactFile("model.txt", 5, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"),
            ],
            manifest.Files);
        Assert.Null(Store.Verify(new OfferedResult("job", "Train", 3, digest)));
        string opened = Store.Open(new AcceptedResult("job", "Train", 3, digest));
        Assert.Equal("hello", File.ReadAllText(Path.Combine(opened, "model.txt")));
        Assert.Empty(Directory.GetFiles(_folder.At("output"), "*", SearchOption.AllDirectories));
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
        string path = Path.Combine(Attempt, name);
        File.Delete(path);
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        Assert.Contains(name, Store.Verify(new OfferedResult("job", "Train", 3, digest)), StringComparison.Ordinal);
        Assert.Contains(name, Assert.Throws<StorageException>(() => Store.Open(new AcceptedResult("job", "Train", 3, digest))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_jobs_manifest_does_not_pass()
    {
        string digest = Publish();
        Directory.CreateDirectory(_folder.At("artifacts", "Train", "other"));
        Directory.Move(Attempt, _folder.At("artifacts", "Train", "other", "3"));

        Assert.Contains("of job job", Store.Verify(new OfferedResult("other", "Train", 3, digest)), StringComparison.Ordinal);
    }

    [Fact]
    public void Blobs_are_replaced_whole()
    {
        Assert.Null(Store.Get("corpora/x.json"));
        Store.Put("corpora/x.json", "one"u8);
        Store.Put("corpora/x.json", "two"u8);

        Assert.Equal("two", Encoding.UTF8.GetString(Store.Get("corpora/x.json")!));
        Assert.Single(Directory.GetFiles(_folder.At("artifacts", "corpora")));
    }

    [Fact]
    public void A_checkpoint_that_was_not_written_to_its_end_leaves_the_last_one_alone()
    {
        string key = ArtifactKeys.Checkpoint("job", 1, 1);
        Store.PutCheckpoint(key, path => File.WriteAllText(path, "whole"));
        Assert.Throws<InvalidOperationException>(() => Store.PutCheckpoint(key, path =>
        {
            File.WriteAllText(path, "ha");
            throw new InvalidOperationException("killed");
        }));

        Assert.Equal("whole", File.ReadAllText(Store.OpenCheckpoint(key)!));
        Assert.Single(Directory.GetFiles(_folder.At("artifacts", "checkpoints", "job")));
    }

    [Fact]
    public void Older_checkpoints_are_removed_and_with_the_job_all()
    {
        for (int number = 1; number <= 3; number++)
        {
            Store.PutCheckpoint(ArtifactKeys.Checkpoint("job", 1, number), path => File.WriteAllText(path, "x"));
        }

        Store.RemoveCheckpoints("job", ArtifactKeys.Checkpoint("job", 1, 2));
        Assert.Null(Store.OpenCheckpoint(ArtifactKeys.Checkpoint("job", 1, 3)));
        Assert.NotNull(Store.OpenCheckpoint(ArtifactKeys.Checkpoint("job", 1, 2)));
        Assert.Equal(["job"], Store.JobsWithCheckpoints());
        Store.RemoveCheckpoints("job", null);
        Store.RemoveCheckpoints("job", null);
        Assert.Empty(Store.JobsWithCheckpoints());
    }

    [Fact]
    public void A_full_disk_is_a_failure_of_the_storage()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full, a device that is always full");

        var problem = Assert.Throws<StorageException>(() => Store.PutCheckpoint("checkpoints/job/1-1", path =>
        {
            File.WriteAllText(path, "");
            using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write);
            full.Write(new byte[1]);
            full.Flush();
        }));
        Assert.Contains("full", problem.Message, StringComparison.Ordinal);
        Assert.Null(Store.OpenCheckpoint("checkpoints/job/1-1"));
    }

    private string Publish()
    {
        Directory.CreateDirectory(_folder.At("output", "inner"));
        File.WriteAllText(_folder.At("output", "model.txt"), "hello");
        File.WriteAllBytes(_folder.At("output", "inner", "b.bin"), [1, 2]);
        return Store.Publish("Train", Lease, _folder.At("output"), new Dictionary<string, string> { ["machine"] = "x86" });
    }
}
