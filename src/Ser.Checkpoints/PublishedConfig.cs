using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ser.Checkpoints;

/// <summary>Reads and writes those parts of Hugging Face's config.json and preprocessor_config.json that an encoder needs.</summary>
public static class PublishedConfig
{
    /// <summary>Name of the file that describes the architecture.</summary>
    public const string ModelFile = "config.json";

    /// <summary>Name of the file that describes the preprocessing of waveforms.</summary>
    public const string PreprocessorFile = "preprocessor_config.json";

    /// <summary>Reads an architecture from the file config.json at <paramref name="path"/>.</summary>
    /// <exception cref="InvalidDataException">
    /// A key is missing or has a value that this encoder does not support. The message names it.
    /// </exception>
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

    /// <summary>Reads from a preprocessor_config.json whether input is normalised; true where the file does not specify it.</summary>
    /// <exception cref="InvalidDataException">The file is not a JSON object, or its do_normalize is neither true nor false.</exception>
    public static bool ReadNormalizesInput(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            return !json.RootElement.TryGetProperty("do_normalize", out var value) || value.GetBoolean();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"{path} is not a preprocessor configuration: {error.Message}", error);
        }
    }

    /// <summary>The config.json of a bare model of an architecture.</summary>
    public static JsonObject ModelJson(EncoderConfig config)
    {
        JsonArray Ints(Func<ConvLayer, int> select) => [.. config.Convolution.Select(layer => JsonValue.Create(select(layer)))];
        return new JsonObject
        {
            ["architectures"] = new JsonArray("Wav2Vec2Model"),
            ["model_type"] = "wav2vec2",
            ["hidden_act"] = "gelu",
            ["feat_extract_activation"] = "gelu",
            ["conv_dim"] = Ints(layer => layer.Channels),
            ["conv_kernel"] = Ints(layer => layer.Kernel),
            ["conv_stride"] = Ints(layer => layer.Stride),
            ["conv_bias"] = config.ConvolutionBias,
            ["num_feat_extract_layers"] = config.Convolution.Count,
            ["feat_extract_norm"] = config.ConvolutionLayerNorm ? "layer" : "group",
            ["hidden_size"] = config.Width,
            ["num_attention_heads"] = config.Heads,
            ["intermediate_size"] = config.FeedForward,
            ["num_hidden_layers"] = config.Layers,
            ["num_conv_pos_embeddings"] = config.PositionKernel,
            ["num_conv_pos_embedding_groups"] = config.PositionGroups,
            ["do_stable_layer_norm"] = config.NormFirst,
            ["layer_norm_eps"] = config.Epsilon,
            ["feat_proj_dropout"] = config.FeatureDropout,
            ["hidden_dropout"] = config.HiddenDropout,
            ["attention_dropout"] = config.AttentionDropout,
            ["activation_dropout"] = config.ActivationDropout,
            ["layerdrop"] = config.LayerDrop,
        };
    }

    /// <summary>The preprocessor_config.json of a model.</summary>
    public static JsonObject PreprocessorJson(bool normalizeInput, bool layerNorm) => new()
    {
        ["feature_extractor_type"] = "Wav2Vec2FeatureExtractor",
        ["feature_size"] = 1,
        ["sampling_rate"] = 16_000,
        ["do_normalize"] = normalizeInput,
        ["padding_side"] = "right",
        ["padding_value"] = 0.0,
        ["return_attention_mask"] = layerNorm,
    };

    private static EncoderConfig Parse(string path, JsonElement json)
    {
        int[] Ints(string key) => [.. json.GetProperty(key).EnumerateArray().Select(value => value.GetInt32())];
        double Number(string key, double otherwise) => json.TryGetProperty(key, out var value) ? value.GetDouble() : otherwise;

        string activation = json.TryGetProperty("hidden_act", out var act) ? act.GetString()! : "gelu";
        if (activation != "gelu")
        {
            throw new InvalidDataException($"{path}: hidden_act is '{activation}', but this encoder supports only gelu");
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
            FeatureDropout = Number("feat_proj_dropout", 0),
            HiddenDropout = Number("hidden_dropout", 0.1),
            AttentionDropout = Number("attention_dropout", 0.1),
            ActivationDropout = Number("activation_dropout", 0),
            LayerDrop = Number("layerdrop", 0),
        };
    }
}
