using System.Globalization;
using Ser.Checkpoints.Pickles;

namespace Ser.Checkpoints;

/// <summary>
/// Reads the architecture from a fairseq checkpoint: from `cfg` (nested: model, task) or from `args` (flat, before 2021).
/// A fine-tuned model has its encoder's settings under `w2v_args`. Missing settings have fairseq's defaults.
/// </summary>
internal static class FairseqConfig
{
    private const int MaxConvolutions = 64;
    private const string PublishedConvolution = "[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512,2,2)] + [(512,2,2)]";

    /// <summary>Reads the architecture; null where the file has none.</summary>
    /// <exception cref="InvalidDataException">A setting is invalid or not supported by this encoder. The message names it.</exception>
    internal static Architecture? Read(string path, object? root)
    {
        if (root is not PickledDict file)
        {
            return null;
        }

        string source = path + " (its cfg)";
        if (FairseqSettings.Parse(source, file["cfg"]) is { } cfg && cfg.Group("model") is { } model)
        {
            var inner = model.Group("w2v_args");
            bool normalizes = Normalizes(cfg.Group("task"), inner?.Group("task"), inner);
            return Parse(source, inner?.Group("model") ?? inner ?? model, normalizes);
        }

        source = path + " (its args)";
        if (FairseqSettings.Parse(source, file["args"]) is not { } args)
        {
            return null;
        }

        var encoder = args.Group("w2v_args") is { } pretrained ? pretrained.Group("model") ?? pretrained : args;
        return Parse(source, encoder, Normalizes(args, encoder));
    }

    // The first group that has the setting decides. Groups of fine-tuning precede those of pre-training.
    private static bool Normalizes(params ReadOnlySpan<FairseqSettings?> groups)
    {
        foreach (var group in groups)
        {
            if (group?.Has("normalize") == true)
            {
                return group.Flag("normalize");
            }
        }

        return false;
    }

    private static Architecture Parse(string source, FairseqSettings model, bool normalize)
    {
        if (model.Text("activation_fn", "gelu") is not "gelu" and var activation)
        {
            throw InvalidCheckpoint.Create(source, $"activation_fn is '{activation}', but this encoder supports only gelu");
        }

        if (model.Text("layer_type", "transformer") is not "transformer" and var layer)
        {
            throw InvalidCheckpoint.Create(source, $"layer_type is '{layer}', but this encoder supports only transformer");
        }

        var config = new EncoderConfig
        {
            Convolution = Convolution(source, model.Text("conv_feature_layers", PublishedConvolution)),
            ConvolutionBias = model.Flag("conv_bias"),
            ConvolutionLayerNorm = model.Text("extractor_mode", "default") == "layer_norm",
            Width = model.Integer("encoder_embed_dim", 768),
            Heads = model.Integer("encoder_attention_heads", 12),
            FeedForward = model.Integer("encoder_ffn_embed_dim", 3072),
            Layers = model.Integer("encoder_layers", 12),
            PositionKernel = model.Integer("conv_pos", 128),
            PositionGroups = model.Integer("conv_pos_groups", 16),
            NormFirst = model.Flag("layer_norm_first"),
            FeatureDropout = model.Number("dropout_input", 0),
            HiddenDropout = model.Number("dropout", 0.1),
            AttentionDropout = model.Number("attention_dropout", 0.1),
            ActivationDropout = model.Number("activation_dropout", 0),
            LayerDrop = model.Number("encoder_layerdrop", 0),
        };
        return new Architecture(config, normalize, source);
    }

    /// <summary>
    /// Parses a Python expression of lists of (channels, kernel, stride) with + and * count. The expression is never evaluated as Python.
    /// </summary>
    internal static IReadOnlyList<ConvLayer> Convolution(string source, string expression)
    {
        var layers = new List<ConvLayer>();
        foreach (string term in expression.Replace(" ", "", StringComparison.Ordinal).Split('+'))
        {
            int close = term.IndexOf(']', StringComparison.Ordinal);
            string suffix = close < 0 ? "" : term[(close + 1)..];
            string factor = suffix.Length == 0 ? "1" : suffix.StartsWith('*') ? suffix[1..] : "";
            if (!term.StartsWith("[(", StringComparison.Ordinal) || close < 4 || !TryParseInteger(factor, out int count))
            {
                throw Invalid();
            }

            var tuples = term[2..close].TrimEnd(',').TrimEnd(')').Split("),(").Select(Layer).ToList();
            if (count > MaxConvolutions || layers.Count + (count * tuples.Count) > MaxConvolutions)
            {
                throw Invalid();
            }

            layers.AddRange(Enumerable.Repeat(tuples, count).SelectMany(list => list));
        }

        return layers;

        ConvLayer Layer(string tuple) => tuple.Split(',') is [var channels, var kernel, var stride]
            && TryParseInteger(channels, out int c)
            && TryParseInteger(kernel, out int k)
            && TryParseInteger(stride, out int s)
            ? new ConvLayer(c, k, s)
            : throw Invalid();

        InvalidDataException Invalid() => InvalidCheckpoint.Create(
            source,
            $"conv_feature_layers is not a list of at most {MaxConvolutions} (channels, kernel, stride) such as {PublishedConvolution}");
    }

    private static bool TryParseInteger(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
