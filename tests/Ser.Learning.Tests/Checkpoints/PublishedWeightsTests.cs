using Ser.Learning.Checkpoints;
using Ser.Learning.Encoder;
using Ser.Learning.Tests.Oracles;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Tests.Checkpoints;

public class PublishedWeightsTests
{
    [Trait("Category", Oracle.Category)]
    [Theory]
    [InlineData("hf_model")]
    [InlineData("hf_model_newnames")]
    [InlineData("hf_pretraining")]
    [InlineData("hf_pretraining_newnames")]
    public void Published_safetensors_load_bit_for_bit(string layout)
    {
        string path = Oracle.PathOf($"03_checkpoints/{layout}/model.safetensors");
        var expected = Oracle.Tensors("03_checkpoints/expected.safetensors");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var config = PublishedWeights.Describe(path).Config;
        var encoder = new Wav2Vec2(config, PublishedWeights.Parameters(path, config).Parameters);
        foreach (string name in encoder.Parameters.Names)
        {
            Assert.Equal(expected.Doubles("torchaudio." + TinyModels.TorchaudioName(name)), TinyModels.Values(encoder.Parameters[name]));
        }

        var waves = tensor(expected.Floats("waveforms"), expected.Entries["waveforms"].Shape);
        var output = encoder.Contextualize(encoder.Convolve(waves));
        Assert.InRange(Oracle.MaxAbs(TinyModels.Values(output), expected.Doubles("out")), 0, 1e-4);
    }

    [Fact]
    public void A_file_without_its_configuration_says_what_to_put_where()
    {
        string folder = Directory.CreateTempSubdirectory("ser-weights").FullName;
        string path = Path.Combine(folder, "model.safetensors");
        SafeTensors.Write(path, []);
        var error = Assert.Throws<InvalidDataException>(() => PublishedWeights.Describe(path));
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_missing_tensor_is_named()
    {
        string folder = Directory.CreateTempSubdirectory("ser-weights").FullName;
        string source = Path.Combine(AppContext.BaseDirectory, "vectors/03_checkpoints/hf_model");
        File.Copy(Path.Combine(source, "config.json"), Path.Combine(folder, "config.json"));
        string path = Path.Combine(folder, "model.safetensors");
        SafeTensors.Write(path, [("masked_spec_embed", "F32", [1L], new byte[4])]);
        var error = Assert.Throws<InvalidDataException>(() => PublishedWeights.Parameters(path, PublishedWeights.Describe(path).Config));
        Assert.Contains("feature_extractor.conv_layers.0.conv.weight", error.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
