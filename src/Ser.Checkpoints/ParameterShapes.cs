namespace Ser.Checkpoints;

/// <summary>Names (as Hugging Face's Wav2Vec2Model has them) and shapes of an encoder's parameters, in a fixed order.</summary>
public static class ParameterShapes
{
    /// <summary>Prefix of the convolutional feature encoder's parameters.</summary>
    public const string Convolution = "feature_extractor.";

    /// <summary>The vector [D] that stands for masked frames in training: not of the forward pass, so no parameter that an encoder must have.</summary>
    public const string MaskVector = "masked_spec_embed";

    /// <summary>Every parameter of <paramref name="config"/>.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Of(EncoderConfig config)
    {
        long inputs = 1;
        for (int i = 0; i < config.Convolution.Count; i++)
        {
            var layer = config.Convolution[i];
            string prefix = $"{Convolution}conv_layers.{i}.";
            yield return (prefix + "conv.weight", [layer.Channels, inputs, layer.Kernel]);
            if (config.ConvolutionBias)
            {
                yield return (prefix + "conv.bias", [layer.Channels]);
            }

            if (config.ConvolutionLayerNorm || i == 0)
            {
                yield return (prefix + "layer_norm.weight", [layer.Channels]);
                yield return (prefix + "layer_norm.bias", [layer.Channels]);
            }

            inputs = layer.Channels;
        }

        long width = config.Width;
        foreach (var parameter in Norm("feature_projection.layer_norm", inputs)
            .Concat(Linear("feature_projection.projection", inputs, width)))
        {
            yield return parameter;
        }

        yield return ("encoder.pos_conv_embed.conv.weight_g", [1, 1, config.PositionKernel]);
        yield return ("encoder.pos_conv_embed.conv.weight_v", [width, width / config.PositionGroups, config.PositionKernel]);
        yield return ("encoder.pos_conv_embed.conv.bias", [width]);
        foreach (var parameter in Norm("encoder.layer_norm", width).Concat(Enumerable.Range(0, config.Layers).SelectMany(i => Layer(config, i))))
        {
            yield return parameter;
        }
    }

    private static IEnumerable<(string Name, long[] Shape)> Layer(EncoderConfig config, int index)
    {
        string prefix = $"encoder.layers.{index}.";
        long width = config.Width;
        return new[] { "q_proj", "k_proj", "v_proj", "out_proj" }.SelectMany(name => Linear($"{prefix}attention.{name}", width, width))
            .Concat(Norm(prefix + "layer_norm", width))
            .Concat(Linear(prefix + "feed_forward.intermediate_dense", width, config.FeedForward))
            .Concat(Linear(prefix + "feed_forward.output_dense", config.FeedForward, width))
            .Concat(Norm(prefix + "final_layer_norm", width));
    }

    private static (string Name, long[] Shape)[] Linear(string name, long inputs, long outputs) => [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])];

    private static (string Name, long[] Shape)[] Norm(string name, long size) => [(name + ".weight", [size]), (name + ".bias", [size])];
}
