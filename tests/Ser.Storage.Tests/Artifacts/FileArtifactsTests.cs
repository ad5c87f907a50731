using Ser.Domain.Artifacts;
using Ser.Storage.Artifacts;

namespace Ser.Storage.Tests.Artifacts;

/// <summary>The conformance suite on a folder.</summary>
public sealed class FileArtifactsTests : ArtifactConformance
{
    [Fact]
    public void Nothing_unfinished_stays_in_the_folder()
    {
        Store().Put("corpora/x.json", "one"u8);
        Assert.Throws<InvalidOperationException>(() => Store().PutCheckpoint("checkpoints/job/1-1", path =>
        {
            File.WriteAllText(path, "ha");
            throw new InvalidOperationException("killed");
        }));

        Assert.Equal([At("corpora/x.json")], Directory.GetFiles(Folder.At("artifacts"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Inputs_are_read_where_they_lie()
    {
        var input = Input("a.wav", "one");
        Store().ShareInputs([input]);

        Assert.Equal([input.Path], Store().FetchInputs([input]));
        Assert.False(Directory.Exists(Folder.At("artifacts", "inputs")));
    }

    protected override IArtifactStore Store() => new FileArtifacts(Folder.At("artifacts"));

    protected override byte[]? Raw(string key) => File.Exists(At(key)) ? File.ReadAllBytes(At(key)) : null;

    protected override void Damage(string key, string? content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(key))!);
        File.Delete(At(key));
        if (content is not null)
        {
            File.WriteAllText(At(key), content);
        }
    }

    private string At(string key) => Folder.At("artifacts", key);
}
