using System.Text.Json;
using Ser.Checkpoints;
using Ser.Learning.Encoder;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Tests.Encoder;

/// <summary>Builds encoders from the configuration and the torchaudio-named parameters of an oracle file.</summary>
internal static class TinyModels
{
    internal static EncoderConfig Config(JsonElement json)
    {
        var config = json.GetProperty("config");
        bool Flag(string name) => json.TryGetProperty(name, out var value) && value.GetBoolean();
        return new EncoderConfig
        {
            Convolution = [.. config.GetProperty("conv").EnumerateArray().Select(Layer)],
            ConvolutionBias = Flag("conv_bias"),
            ConvolutionLayerNorm = json.TryGetProperty("extractor_mode", out var mode) && mode.GetString() == "layer_norm",
            Width = config.GetProperty("embed").GetInt32(),
            Heads = config.GetProperty("heads").GetInt32(),
            FeedForward = config.GetProperty("ffn").GetInt32(),
            Layers = config.GetProperty("layers").GetInt32(),
            PositionKernel = config.GetProperty("pos_kernel").GetInt32(),
            PositionGroups = config.GetProperty("pos_groups").GetInt32(),
            NormFirst = Flag("layer_norm_first"),
            FeatureDropout = 0,
            HiddenDropout = 0,
            AttentionDropout = 0,
        };
    }

    // [channels, kernel, stride]
    private static ConvLayer Layer(JsonElement layer) => new(layer[0].GetInt32(), layer[1].GetInt32(), layer[2].GetInt32());

    /// <summary>torchaudio's name of a parameter that we name as Hugging Face does.</summary>
    internal static string TorchaudioName(string name) => name
        .Replace("feature_projection.", "encoder.feature_projection.", StringComparison.Ordinal)
        .Replace("encoder.pos_conv_embed.", "encoder.transformer.pos_conv_embed.", StringComparison.Ordinal)
        .Replace("encoder.layer_norm.", "encoder.transformer.layer_norm.", StringComparison.Ordinal)
        .Replace("encoder.layers.", "encoder.transformer.layers.", StringComparison.Ordinal);

    internal static Wav2Vec2 Build(
        EncoderConfig config,
        SafeTensors file,
        string prefix,
        ScalarType type,
        Action<string, Tensor>? tap = null)
    {
        var parameters = new ParameterSet();
        foreach (var (name, shape) in ParameterShapes.ForConfig(config))
        {
            string source = prefix + TorchaudioName(name);
            Assert.Equal(shape, file.Entries[source].Shape);
            parameters.Add(name, tensor(file.Floats(source), shape).to(type));
        }

        return new Wav2Vec2(config, parameters) { Tap = tap };
    }

    internal static double[] Values(Tensor x)
    {
        using var plain = x.detach().to(ScalarType.Float64).contiguous();
        return plain.data<double>().ToArray();
    }
}
