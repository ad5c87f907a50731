using System.Text.Json;
using Ser.Learning.Encoder;

namespace Ser.Learning.Checkpoints;

/// <summary>Hugging Face's config.json and preprocessor_config.json, as far as an encoder needs them.</summary>
public static class PublishedConfig
{
    /// <summary>The architecture that <paramref name="path"/> describes.</summary>
    /// <exception cref="InvalidDataException">A key is missing or of a kind that this encoder does not compute; the message names it.</exception>
    public static EncoderConfig Read(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            return Parse(path, json.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path} is not a wav2vec 2.0 configuration: {error.Message}", error);
        }
    }

    private static EncoderConfig Parse(string path, JsonElement json)
    {
        int[] Ints(string key) => [.. json.GetProperty(key).EnumerateArray().Select(value => value.GetInt32())];
        double Number(string key, double otherwise) => json.TryGetProperty(key, out var value) ? value.GetDouble() : otherwise;

        string activation = json.TryGetProperty("hidden_act", out var act) ? act.GetString()! : "gelu";
        if (activation != "gelu")
        {
            throw new InvalidDataException($"{path}: hidden_act is '{activation}', this encoder computes gelu");
        }

        int[] channels = Ints("conv_dim"), kernels = Ints("conv_kernel"), strides = Ints("conv_stride");
        if (channels.Length == 0 || channels.Length != kernels.Length || channels.Length != strides.Length)
        {
            throw new InvalidDataException($"{path}: conv_dim, conv_kernel and conv_stride differ in length");
        }

        return new EncoderConfig
        {
            Convolution = [.. channels.Select((width, i) => new ConvLayer(width, kernels[i], strides[i]))],
            ConvolutionBias = json.GetProperty("conv_bias").GetBoolean(),
            ConvolutionLayerNorm = json.GetProperty("feat_extract_norm").GetString() == "layer",
            Width = json.GetProperty("hidden_size").GetInt32(),
            Heads = json.GetProperty("num_attention_heads").GetInt32(),
            FeedForward = json.GetProperty("intermediate_size").GetInt32(),
            Layers = json.GetProperty("num_hidden_layers").GetInt32(),
            PositionKernel = json.GetProperty("num_conv_pos_embeddings").GetInt32(),
            PositionGroups = json.GetProperty("num_conv_pos_embedding_groups").GetInt32(),
            NormFirst = json.TryGetProperty("do_stable_layer_norm", out var stable) && stable.GetBoolean(),
            Epsilon = Number("layer_norm_eps", 1e-5),
            HiddenDropout = Number("hidden_dropout", 0.1),
            AttentionDropout = Number("attention_dropout", 0.1),
            ActivationDropout = Number("activation_dropout", 0),
            LayerDrop = Number("layerdrop", 0),
        };
    }
}
