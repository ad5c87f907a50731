namespace Ser.Checkpoints;

/// <summary>
/// Infers the architecture from the shapes of the tensors, for checkpoints without a configuration. Properties that shapes do not determine
/// are those of the published models: the strides; layer norm before each block and normalised input where the convolutions have layer
/// norm; and the number of heads for the published widths.
/// </summary>
internal static class ShapeConfig
{
    private static readonly int[] Kernels = [10, 3, 3, 3, 3, 2, 2];
    private static readonly int[] Strides = [5, 2, 2, 2, 2, 2, 2];

    /// <exception cref="InvalidDataException">
    /// A required tensor is missing, or its shape is that of no published model. The message names it.
    /// </exception>
    internal static Architecture Read(string path, IReadOnlyDictionary<string, long[]> shapes)
    {
        int Side(string name, int dimensions, int side)
        {
            if (shapes.TryGetValue(name, out long[]? shape) && shape.Length == dimensions && shape[side] <= int.MaxValue)
            {
                return (int)shape[side];
            }

            throw InvalidCheckpoint.Create(
                path,
                $"it has no tensor {name} of {dimensions} dimensions under any published name, "
                + "so it is not a checkpoint of wav2vec 2.0 or HuBERT; if it is one, put its config.json in the same folder");
        }

        int Count(string format) =>
            Enumerable.Range(0, shapes.Count).TakeWhile(i => shapes.ContainsKey(string.Format(null, format, i))).Count();

        const string Conv = "feature_extractor.conv_layers.{0}.conv.weight";
        const string Position = "encoder.pos_conv_embed.conv.weight_v";
        _ = Side(string.Format(null, Conv, 0), 3, 0);
        int[] kernels = [.. Enumerable.Range(0, Count(Conv)).Select(i => Side(string.Format(null, Conv, i), 3, 2))];
        if (!kernels.SequenceEqual(Kernels))
        {
            string found = string.Join(", ", kernels), published = string.Join(", ", Kernels);
            throw InvalidCheckpoint.Create(
                path,
                $"its convolutions have kernels [{found}], but those of published models have [{published}], "
                + "so that their strides are unknown; put its config.json in the same folder");
        }

        int width = Side("feature_projection.projection.weight", 2, 0);
        int groupWidth = Side(Position, 3, 1);
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
        string? unknown = heads is not null
            ? null
            : $"{path}: the number of attention heads is not in the file, and no published model has a width of {width}; "
                + "specify it with: ser weights import FILE --heads N, or put its config.json in the same folder";
        return new Architecture(config, layerNorm, path + " (its tensors' shapes)", unknown);
    }

    // Up to large a head is 64 wide. Larger models have 16 heads.
    private static int? PublishedHeads(int width) => width switch
    {
        768 => 12,
        1024 or 1280 or 1920 => 16,
        _ => null,
    };
}
