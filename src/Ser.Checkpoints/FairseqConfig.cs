using System.Globalization;
using Ser.Checkpoints.Pickles;

namespace Ser.Checkpoints;

/// <summary>
/// The architecture in a fairseq checkpoint: `cfg` (nested: model, task) or `args` (flat, before 2021). A fine-tuned model keeps its encoder's settings under
/// `w2v_args`. Settings that are not there have fairseq's defaults.
/// </summary>
internal static class FairseqConfig
{
    private const int MostConvolutions = 64;
    private const string PublishedConvolution = "[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512,2,2)] + [(512,2,2)]";

    /// <summary>What the file says; null where it says nothing.</summary>
    /// <exception cref="InvalidDataException">A setting is unsound or of a kind that this encoder does not compute; the message names it.</exception>
    internal static Architecture? Read(string path, object? root)
    {
        if (root is not PickledDict file)
        {
            return null;
        }

        string source = path + " (its cfg)";
        if (FairseqSettings.Of(source, file["cfg"]) is { } cfg && cfg.Group("model") is { } model)
        {
            var inner = model.Group("w2v_args");
            return Of(source, inner?.Group("model") ?? inner ?? model, Normalizes(cfg.Group("task"), inner?.Group("task"), inner));
        }

        source = path + " (its args)";
        if (FairseqSettings.Of(source, file["args"]) is not { } args)
        {
            return null;
        }

        var encoder = args.Group("w2v_args") is { } pretrained ? pretrained.Group("model") ?? pretrained : args;
        return Of(source, encoder, Normalizes(args, encoder));
    }

    // What a model was last trained on counts before what it was pre-trained on.
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

    private static Architecture Of(string source, FairseqSettings model, bool normalize)
    {
        if (model.Text("activation_fn", "gelu") is not "gelu" and var activation)
        {
            throw Unsound.File(source, $"activation_fn is '{activation}', this encoder computes gelu");
        }

        if (model.Text("layer_type", "transformer") is not "transformer" and var layer)
        {
            throw Unsound.File(source, $"layer_type is '{layer}', this encoder computes transformer");
        }

        return new Architecture(
            new EncoderConfig
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
            },
            normalize,
            source);
    }

    /// <summary>A Python expression of lists of (channels, kernel, stride), with + and * count. It is taken apart, not evaluated.</summary>
    internal static IReadOnlyList<ConvLayer> Convolution(string source, string expression)
    {
        var layers = new List<ConvLayer>();
        foreach (string term in expression.Replace(" ", "", StringComparison.Ordinal).Split('+'))
        {
            int close = term.IndexOf(']', StringComparison.Ordinal);
            string times = close < 0 ? "" : term[(close + 1)..];
            if (!term.StartsWith("[(", StringComparison.Ordinal) || close < 4 || !Whole(times.Length == 0 ? "1" : times.StartsWith('*') ? times[1..] : "", out int count))
            {
                throw Odd();
            }

            var tuples = term[2..close].TrimEnd(',').TrimEnd(')').Split("),(").Select(Layer).ToList();
            if (count > MostConvolutions || layers.Count + (count * tuples.Count) > MostConvolutions)
            {
                throw Odd();
            }

            layers.AddRange(Enumerable.Repeat(tuples, count).SelectMany(list => list));
        }

        return layers;

        ConvLayer Layer(string tuple) => tuple.Split(',') is [var channels, var kernel, var stride] && Whole(channels, out int c) && Whole(kernel, out int k) && Whole(stride, out int s)
            ? new ConvLayer(c, k, s)
            : throw Odd();

        InvalidDataException Odd() => Unsound.File(source, $"conv_feature_layers is no list of at most {MostConvolutions} (channels, kernel, stride) such as {PublishedConvolution}");
    }

    private static bool Whole(string text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
