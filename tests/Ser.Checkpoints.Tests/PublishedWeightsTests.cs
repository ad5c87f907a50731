using Ser.TestSupport;

namespace Ser.Checkpoints.Tests;

public class PublishedWeightsTests
{
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

    internal static string Vector(string file) => Path.Combine(Oracle.Shipped, "03_checkpoints", file);
}
