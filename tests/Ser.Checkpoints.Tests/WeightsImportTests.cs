using System.Runtime.InteropServices;

namespace Ser.Checkpoints.Tests;

public sealed class WeightsImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ser-import").FullName;

    [Theory]
    [InlineData("fairseq/old_args_legacy.pt")]
    [InlineData("fairseq/ctc_finetuned.pt")]
    [InlineData("torchaudio/state_dict.pth")]
    [InlineData("hf_pretraining_newnames/model.safetensors")]
    public void What_is_imported_is_what_was_published(string file)
    {
        string output = Path.Combine(_folder, "new", "model.safetensors");
        int? heads = file.StartsWith("torchaudio", StringComparison.Ordinal) ? 4 : null;
        using var published = PublishedWeights.Open(PublishedWeightsTests.Vector(file), heads);
        WeightsImport.Write(published, output);
        using var imported = PublishedWeights.Open(output);
        Assert.Equal(CheckpointLayout.HuggingFace, imported.Layout);
        Assert.Empty(imported.Unused);
        Assert.Equal(published.Architecture.NormalizeInput, imported.Architecture.NormalizeInput);
        Assert.Equal(published.Architecture.Config.Convolution, imported.Architecture.Config.Convolution);
        var expected = published.Architecture.Config with { Convolution = imported.Architecture.Config.Convolution };
        Assert.Equal(expected, imported.Architecture.Config);
        Assert.Equal(Contents(published), Contents(imported));
        Assert.Equal("pt", SafeTensors.Read(output).Metadata["format"]); // transformers refuses a file without it
        var names = Directory.GetFiles(Path.GetDirectoryName(output)!).Select(Path.GetFileName).Order();
        Assert.Equal(["config.json", "model.safetensors", "preprocessor_config.json"], names);
    }

    [Fact]
    public void A_failure_leaves_nothing()
    {
        string output = Path.Combine(_folder, "new", "model.safetensors");
        using (var unknown = PublishedWeights.Open(PublishedWeightsTests.Vector("torchaudio/state_dict.pth")))
        {
            Assert.Throws<InvalidDataException>(() => WeightsImport.Write(unknown, output));
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        using var published = PublishedWeights.Open(PublishedWeightsTests.Vector("fairseq/new_cfg.pt"));
        Directory.CreateDirectory(Path.Combine(_folder, "preprocessor_config.json.part"));
        Assert.ThrowsAny<Exception>(() => WeightsImport.Write(published, Path.Combine(_folder, "model.safetensors")));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    // Compared as bits, so that NaN and the sign of zero count.
    private static IEnumerable<string> Contents(PublishedWeights weights) => weights.Parameters()
        .Select(tensor => $"{tensor.Name} {Convert.ToHexString(MemoryMarshal.AsBytes<float>(tensor.Values))}")
        .Order(StringComparer.Ordinal);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
