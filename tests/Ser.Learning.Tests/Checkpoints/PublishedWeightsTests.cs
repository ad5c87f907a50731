using Ser.Checkpoints;
using Ser.Learning.Encoder;
using Ser.Learning.Tests.Oracles;
using static TorchSharp.torch;

namespace Ser.Learning.Tests.Checkpoints;

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

    [Trait("Category", Oracle.Category)]
    [Theory]
    [InlineData("fairseq/ctc_finetuned.pt", "w2v_encoder.proj.bias")]
    [InlineData("fairseq/old_args_zip.pt", "quantizer.vars")]
    [InlineData("hf_pretraining_newnames/pytorch_model.bin", "wav2vec2.masked_spec_embed")]
    public void What_the_encoder_does_not_use_is_listed_by_its_name_in_the_file(string file, string unused)
    {
        using var weights = PublishedWeights.Open(Oracle.PathOf("03_checkpoints/" + file));
        Assert.Contains(unused, weights.Unused);
        Assert.Contains(weights.Tensors, tensor => tensor.Source == unused && tensor.DType == "F32");
    }

    [Fact]
    public void Heads_that_the_file_does_not_tell_are_required_and_heads_that_it_tells_cannot_be_overridden()
    {
        string torchaudio = Vector("torchaudio/state_dict.pth"), fairseq = Vector("fairseq/new_cfg.pt");
        using var weights = PublishedWeights.Open(torchaudio);
        Assert.Contains("--heads", Assert.Throws<InvalidDataException>(weights.Parameters).Message, StringComparison.Ordinal);
        var otherHeads = Assert.Throws<InvalidDataException>(() => PublishedWeights.Open(fairseq, heads: 8));
        Assert.Contains("specifies 4 attention heads", otherHeads.Message, StringComparison.Ordinal);
        var uneven = Assert.Throws<InvalidDataException>(() => PublishedWeights.Open(torchaudio, heads: 5));
        Assert.Contains("width 48", uneven.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_beside_the_file_is_used_whatever_the_layout()
    {
        string folder = Directory.CreateTempSubdirectory("ser-weights").FullName;
        string path = Path.Combine(folder, "state_dict.pth");
        File.Copy(Vector("torchaudio/state_dict.pth"), path);
        File.Copy(Vector("hf_model/config.json"), Path.Combine(folder, "config.json"));
        using (var weights = PublishedWeights.Open(path))
        {
            Assert.Equal(4, weights.Architecture.Config.Heads);
            Assert.EndsWith("config.json", weights.Architecture.Source, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Other_files_are_refused_with_what_they_lack()
    {
        string folder = Directory.CreateTempSubdirectory("ser-weights").FullName;
        string path = Path.Combine(folder, "model.safetensors");
        SafeTensors.Write(path, [new("bert.embeddings", "F32", [1L], () => new byte[4])]);
        var error = Assert.Throws<InvalidDataException>(() => PublishedWeights.Open(path));
        Assert.Contains("feature_extractor.conv_layers.0.conv.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);

        File.WriteAllText(path, "<!DOCTYPE html>");
        var page = Assert.Throws<InvalidDataException>(() => PublishedWeights.Open(path));
        Assert.Contains("not a checkpoint", page.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_missing_tensor_is_named()
    {
        string folder = Directory.CreateTempSubdirectory("ser-weights").FullName;
        File.Copy(Vector("hf_model/config.json"), Path.Combine(folder, "config.json"));
        string path = Path.Combine(folder, "model.safetensors");
        SafeTensors.Write(path, [new("masked_spec_embed", "F32", [1L], () => new byte[4])]);
        using (var weights = PublishedWeights.Open(path))
        {
            Assert.Contains("encoder.layer_norm.bias", weights.Missing);
            var error = Assert.Throws<InvalidDataException>(weights.Parameters);
            Assert.Contains("feature_extractor.conv_layers.0.conv.weight", error.Message, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("encoder.layers.2.attention.k_proj.weight", "encoder.layers.2.attention.k_proj.weight")] // a layer more than configured
    [InlineData("encoder.layers.0.attention.gru_rel_pos_const", "gru_rel_pos_const")] // WavLM
    [InlineData("wav2vec2.encoder.layer_norm.bias", "both encoder.layer_norm.bias")]
    public void Parts_of_another_encoder_are_not_left_out_in_silence(string extra, string expected)
    {
        string folder = Directory.CreateTempSubdirectory("ser-weights").FullName;
        File.Copy(Vector("hf_model/config.json"), Path.Combine(folder, "config.json"));
        using var file = SafeTensors.Read(Vector("hf_model/model.safetensors"));
        string path = Path.Combine(folder, "model.safetensors");
        var sources = file.Entries.Select(entry =>
            new SafeTensors.Source(entry.Key, entry.Value.DType, entry.Value.Shape, () => file.Bytes(entry.Key).ToArray()));
        SafeTensors.Write(path, sources.Append(new(extra, "F32", [1L], () => new byte[4])));
        var error = Assert.Throws<InvalidDataException>(() =>
        {
            using var weights = PublishedWeights.Open(path);
            _ = weights.Parameters().ToList();
        });
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("hidden_size", "0", "width")]
    [InlineData("num_attention_heads", "7", "do not divide")]
    [InlineData("num_conv_pos_embedding_groups", "0", "groups")]
    [InlineData("num_hidden_layers", "2000000000", "layers")]
    [InlineData("hidden_size", "\"wide\"", "configuration")]
    public void An_unsound_configuration_is_named(string key, string value, string expected)
    {
        string folder = Directory.CreateTempSubdirectory("ser-weights").FullName;
        var config = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Vector("hf_model/config.json")))!;
        config[key] = System.Text.Json.Nodes.JsonNode.Parse(value);
        File.WriteAllText(Path.Combine(folder, "config.json"), config.ToJsonString());
        string path = Path.Combine(folder, "model.safetensors");
        File.Copy(Vector("hf_model/model.safetensors"), path);
        var error = Assert.Throws<InvalidDataException>(() => PublishedWeights.Open(path));
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    internal static string Vector(string file) => Path.Combine(AppContext.BaseDirectory, "vectors/03_checkpoints", file);

    private static IEnumerable<int> Bits(Tensor tensor)
    {
        using var plain = tensor.detach().contiguous();
        return plain.data<float>().ToArray().Select(BitConverter.SingleToInt32Bits);
    }
}
