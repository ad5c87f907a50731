using Ser.Checkpoints;
using Ser.Learning.Encoder;
using Ser.TestSupport;
using static TorchSharp.torch;

namespace Ser.Learning.Tests.Encoder;

/// <summary>Every published layout gives the encoder the same parameters and the same output.</summary>
public class PublishedWeightsTests
{
    [Trait("Category", Oracle.Category)]
    [Theory]
    [InlineData("hf_model/model.safetensors", CheckpointLayout.HuggingFace)]
    [InlineData("hf_model_newnames/model.safetensors", CheckpointLayout.HuggingFace)]
    [InlineData("hf_pretraining/model.safetensors", CheckpointLayout.HuggingFace)]
    [InlineData("hf_pretraining_newnames/model.safetensors", CheckpointLayout.HuggingFace)]
    [InlineData("hf_model/pytorch_model.bin", CheckpointLayout.HuggingFace)]
    [InlineData("hf_model_newnames/pytorch_model.bin", CheckpointLayout.HuggingFace)]
    [InlineData("hf_pretraining/pytorch_model.bin", CheckpointLayout.HuggingFace)]
    [InlineData("hf_pretraining_newnames/pytorch_model.bin", CheckpointLayout.HuggingFace)]
    [InlineData("fairseq/old_args_legacy.pt", CheckpointLayout.Fairseq)]
    [InlineData("fairseq/old_args_zip.pt", CheckpointLayout.Fairseq)]
    [InlineData("fairseq/new_cfg.pt", CheckpointLayout.Fairseq)]
    [InlineData("fairseq/ctc_finetuned.pt", CheckpointLayout.Fairseq)]
    [InlineData("torchaudio/state_dict.pth", CheckpointLayout.Torchaudio)]
    [InlineData("torchaudio/state_dict_legacy.pth", CheckpointLayout.Torchaudio)]
    public void Every_published_layout_loads_bit_for_bit(string file, CheckpointLayout layout)
    {
        string path = Oracle.PathOf("03_checkpoints/" + file);
        var expected = Oracle.Tensors("03_checkpoints/expected.safetensors");
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var description = Oracle.Json("03_checkpoints/checkpoints.json");
        int heads = description.GetProperty("config").GetProperty("heads").GetInt32();
        // torchaudio's files do not hold the number of heads, and no shape depends on it.
        using var weights = PublishedWeights.Open(path, layout == CheckpointLayout.Torchaudio ? heads : null);
        Assert.Equal(layout, weights.Layout);
        Assert.Empty(weights.Missing);
        Assert.Empty(weights.Misshapen);
        Assert.Equal(heads, weights.Architecture.Config.Heads);

        using var parameters = PublishedParameters.FromTensors(weights.Parameters());
        foreach (string name in parameters.Names)
        {
            float[] published = expected.Floats("torchaudio." + TinyModels.TorchaudioName(name));
            Assert.Equal(published.Select(BitConverter.SingleToInt32Bits), Bits(parameters[name]));
        }

        var waves = tensor(expected.Floats("waveforms"), expected.Entries["waveforms"].Shape);
        var encoder = new Wav2Vec2(weights.Architecture.Config, parameters);
        var output = encoder.Contextualize(encoder.Convolve(waves));
        double tolerance = description.GetProperty("recommended_tolerance").GetProperty("out_abs").GetDouble();
        Assert.InRange(Oracle.MaxAbs(TinyModels.Values(output), expected.Doubles("out")), 0, tolerance);
    }

    private static IEnumerable<int> Bits(Tensor tensor)
    {
        using var plain = tensor.detach().contiguous();
        return plain.data<float>().ToArray().Select(BitConverter.SingleToInt32Bits);
    }
}
