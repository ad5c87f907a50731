using Ser.Checkpoints;
using Ser.Domain.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Encoder;

/// <summary>Draws random parameters of an encoder, for presets without published weights.</summary>
public static class Initialization
{
    /// <summary>
    /// Convolutions: He normal. Linear layers: Glorot uniform. Positional convolution: normal with variance 4 / (kernel · width).
    /// Weights of norms are 1; biases are 0. Every tensor has its own generator, so that one does not depend on another.
    /// </summary>
    public static ParameterSet CreateParameters(EncoderConfig config, long seed)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var parameters = new ParameterSet();
        long ordinal = 0;
        foreach (var (name, shape) in ParameterShapes.ForConfig(config))
        {
            using var generator = new Generator(new RandomStream(seed, 0, ordinal++, "parameters").NextUInt64());
            parameters.Add(name, DrawTensor(config, name, shape, generator));
        }

        // Weight norm: weight = g · v / ‖v‖ for each kernel tap. g begins as the norm of v.
        var g = parameters["encoder.pos_conv_embed.conv.weight_g"];
        var v = parameters["encoder.pos_conv_embed.conv.weight_v"];
        g.copy_((v * v).sum([0L, 1L], keepdim: true).sqrt());
        return parameters;
    }

    /// <summary>A linear layer's weight [outputs, inputs], Glorot uniform.</summary>
    public static Tensor Linear(long outputs, long inputs, Generator generator)
    {
        double bound = Math.Sqrt(6.0 / (inputs + outputs));
        return empty(outputs, inputs).uniform_(-bound, bound, generator);
    }

    private static Tensor DrawTensor(EncoderConfig config, string name, long[] shape, Generator generator)
    {
        if (name.EndsWith("bias", StringComparison.Ordinal))
        {
            return zeros(shape);
        }

        if (name.EndsWith("weight_v", StringComparison.Ordinal))
        {
            double deviation = 2 * Math.Sqrt(1.0 / (config.PositionKernel * (double)config.Width));
            return empty(shape).normal_(0, deviation, generator);
        }

        return shape.Length switch
        {
            3 when name.EndsWith("weight_g", StringComparison.Ordinal) => ones(shape),
            3 => empty(shape).normal_(0, Math.Sqrt(2.0 / (shape[1] * shape[2])), generator),
            2 => Linear(shape[0], shape[1], generator),
            _ => ones(shape),
        };
    }
}
