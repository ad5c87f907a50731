namespace Ser.Checkpoints;

/// <summary>
/// The architecture that tensors' shapes tell, for checkpoints that come without a configuration. What shapes cannot tell is as in the published models: strides;
/// layer norm before each block, and normalised input, where the convolutions have layer norm; the number of heads for the published widths.
/// </summary>
internal static class ShapeConfig
{
    private static readonly int[] Kernels = [10, 3, 3, 3, 3, 2, 2];
    private static readonly int[] Strides = [5, 2, 2, 2, 2, 2, 2];

    /// <exception cref="InvalidDataException">A tensor that would tell is not there, or says what no published model is; the message names it.</exception>
    internal static Architecture Read(string path, IReadOnlyDictionary<string, long[]> shapes)
    {
        int Side(string name, int dimensions, int side) => shapes.TryGetValue(name, out long[]? shape) && shape.Length == dimensions && shape[side] <= int.MaxValue
            ? (int)shape[side]
            : throw Unsound.File(path,
                $"it has no tensor {name} of {dimensions} dimensions under any published name, so it is no checkpoint of wav2vec 2.0 or HuBERT; if it is, put its config.json beside it");

        int Count(string format) => Enumerable.Range(0, shapes.Count).TakeWhile(i => shapes.ContainsKey(string.Format(null, format, i))).Count();

        const string Conv = "feature_extractor.conv_layers.{0}.conv.weight", Position = "encoder.pos_conv_embed.conv.weight_v";
        _ = Side(string.Format(null, Conv, 0), 3, 0);
        int[] kernels = [.. Enumerable.Range(0, Count(Conv)).Select(i => Side(string.Format(null, Conv, i), 3, 2))];
        if (!kernels.SequenceEqual(Kernels))
        {
            throw Unsound.File(path, $"its convolutions have kernels [{string.Join(", ", kernels)}], published models have [{string.Join(", ", Kernels)}], "
                + "so their strides are not known; put its config.json beside it");
        }

        int width = Side("feature_projection.projection.weight", 2, 0), groupWidth = Side(Position, 3, 1);
        bool layerNorm = shapes.ContainsKey("feature_extractor.conv_layers.1.layer_norm.weight");
        int? heads = PublishedHeads(width);
        var config = new EncoderConfig
        {
            Convolution = [.. kernels.Select((kernel, i) => new ConvLayer(Side(string.Format(null, Conv, i), 3, 0), kernel, Strides[i]))],
            ConvolutionBias = shapes.ContainsKey("feature_extractor.conv_layers.0.conv.bias"),
            ConvolutionLayerNorm = layerNorm,
            Width = width,
            Heads = heads ?? 1,
            FeedForward = Side("encoder.layers.0.feed_forward.intermediate_dense.weight", 2, 0),
            Layers = Count("encoder.layers.{0}.attention.k_proj.weight"),
            PositionKernel = Side(Position, 3, 2),
            PositionGroups = groupWidth > 0 ? width / groupWidth : 0,
            NormFirst = layerNorm,
            LayerDrop = layerNorm ? 0.1 : 0.05,
        };
        string? unknown = heads is not null ? null : $"{path}: the number of attention heads is not in the file and no published model is {width} wide; "
            + "say it with: ser weights import FILE --heads N, or put its config.json beside it";
        return new Architecture(config, layerNorm, path + " (its tensors' shapes)", unknown);
    }

    // 64 numbers a head up to large; the larger ones keep 16 heads.
    private static int? PublishedHeads(int width) => width switch
    {
        768 => 12,
        1024 or 1280 or 1920 => 16,
        _ => null,
    };
}
