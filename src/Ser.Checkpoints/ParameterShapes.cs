namespace Ser.Checkpoints;

/// <summary>Name and shape of one parameter of an encoder.</summary>
/// <param name="Name">Its name in Hugging Face's Wav2Vec2Model.</param>
/// <param name="Shape">Its shape.</param>
public sealed record ParameterShape(string Name, long[] Shape);

/// <summary>Names and shapes of an encoder's parameters, in a fixed order.</summary>
public static class ParameterShapes
{
    /// <summary>Prefix of the convolutional feature encoder's parameters.</summary>
    public const string Convolution = "feature_extractor.";

    /// <summary>
    /// The vector [D] that replaces masked frames in training. Encoders need not have it, because the forward pass does not use it.
    /// </summary>
    public const string MaskVector = "masked_spec_embed";

    /// <summary>Lists every parameter of an architecture.</summary>
    public static IEnumerable<ParameterShape> ForConfig(EncoderConfig config)
    {
        long inputs = 1;
        for (int i = 0; i < config.Convolution.Count; i++)
        {
            var layer = config.Convolution[i];
            string prefix = $"{Convolution}conv_layers.{i}.";
            yield return new ParameterShape(prefix + "conv.weight", [layer.Channels, inputs, layer.Kernel]);
            if (config.ConvolutionBias)
            {
                yield return new ParameterShape(prefix + "conv.bias", [layer.Channels]);
            }

            if (config.ConvolutionLayerNorm || i == 0)
            {
                yield return new ParameterShape(prefix + "layer_norm.weight", [layer.Channels]);
                yield return new ParameterShape(prefix + "layer_norm.bias", [layer.Channels]);
            }

            inputs = layer.Channels;
        }

        long width = config.Width;
        foreach (var parameter in Norm("feature_projection.layer_norm", inputs)
            .Concat(Linear("feature_projection.projection", inputs, width)))
        {
            yield return parameter;
        }

        const string Position = "encoder.pos_conv_embed.conv.";
        yield return new ParameterShape(Position + "weight_g", [1, 1, config.PositionKernel]);
        yield return new ParameterShape(Position + "weight_v", [width, width / config.PositionGroups, config.PositionKernel]);
        yield return new ParameterShape(Position + "bias", [width]);
        var layers = Enumerable.Range(0, config.Layers).SelectMany(i => Layer(config, i));
        foreach (var parameter in Norm("encoder.layer_norm", width).Concat(layers))
        {
            yield return parameter;
        }
    }

    private static IEnumerable<ParameterShape> Layer(EncoderConfig config, int index)
    {
        string prefix = $"encoder.layers.{index}.";
        long width = config.Width;
        string[] projections = ["q_proj", "k_proj", "v_proj", "out_proj"];
        return projections.SelectMany(name => Linear($"{prefix}attention.{name}", width, width))
            .Concat(Norm(prefix + "layer_norm", width))
            .Concat(Linear(prefix + "feed_forward.intermediate_dense", width, config.FeedForward))
            .Concat(Linear(prefix + "feed_forward.output_dense", config.FeedForward, width))
            .Concat(Norm(prefix + "final_layer_norm", width));
    }

    private static ParameterShape[] Linear(string name, long inputs, long outputs) =>
        [new(name + ".weight", [outputs, inputs]), new(name + ".bias", [outputs])];

    private static ParameterShape[] Norm(string name, long size) => [new(name + ".weight", [size]), new(name + ".bias", [size])];
}
