using Ser.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Ser.Learning.Encoder;

/// <summary>
/// wav2vec 2.0 (Baevski et al. 2020): waveform → convolutional features → transformer over frames.
/// In shapes: B rows, T samples, F frames, C channels, D width, H heads. Parameters are named as in Hugging Face's Wav2Vec2Model.
/// </summary>
public sealed class Wav2Vec2(EncoderConfig config, ParameterSet parameters)
{
    static Wav2Vec2() => LibtorchContext.DisableNnpack();

    /// <summary>The architecture.</summary>
    public EncoderConfig Config => config;

    /// <summary>The weights.</summary>
    public ParameterSet Parameters => parameters;

    /// <summary>The device that holds the weights and computes everything.</summary>
    public Device Device => parameters.Tensors.First().device;

    /// <summary>Copies samples to the device of the weights, as [1, T].</summary>
    public Tensor Waveform(float[] samples) => tensor(samples).unsqueeze(0).to(Device);

    /// <summary>Receives intermediate values by name, for comparisons with other implementations.</summary>
    public Action<string, Tensor>? Tap { get; init; }

    /// <summary>
    /// The convolutional feature encoder: [B, T] → [B, F, C]. In the base variant the group norm runs over time, so that padding changes
    /// every frame.
    /// </summary>
    /// <returns>In the type of <paramref name="precision"/>.</returns>
    public Tensor Convolve(Tensor waveforms, Precision precision = Precision.Float32)
    {
        var x = Cast(waveforms.unsqueeze(1), precision); // [B, 1, T]
        for (int i = 0; i < config.Convolution.Count; i++)
        {
            x = Convolution(x, i, precision);
            Tap?.Invoke($"conv{i}", x);
        }

        return x.transpose(1, 2);
    }

    private Tensor Convolution(Tensor x, int i, Precision precision)
    {
        using var scope = NewDisposeScope();
        var layer = config.Convolution[i];
        string name = $"feature_extractor.conv_layers.{i}.";
        var bias = config.ConvolutionBias ? Weight(name + "conv.bias", precision) : null;
        x = BFloat16Products.Convolution(
            x,
            Weight(name + "conv.weight", precision),
            bias,
            (signal, kernel, offset) => StridedConvolution.Apply(signal, kernel, offset, layer.Stride));
        if (config.ConvolutionLayerNorm)
        {
            x = Cast(Norm(x.transpose(1, 2), name + "layer_norm").transpose(1, 2), precision);
        }
        else if (i == 0)
        {
            // One group per channel, so that each channel is normalised over time.
            var scale = Weight(name + "layer_norm.weight", precision);
            var shift = Weight(name + "layer_norm.bias", precision);
            x = group_norm(x, layer.Channels, scale, shift, config.Epsilon);
        }

        return gelu(x).MoveToOuterDisposeScope();
    }

    /// <summary>The transformer: [B, F, C] → [B, F, D], in float32.</summary>
    /// <param name="features">Convolutional features.</param>
    /// <param name="frames">Valid frames of each row; null: all.</param>
    /// <param name="dropout">Dropout of this training step; null: none.</param>
    /// <param name="precision">Precision of the products; norms and residual sums are always float32.</param>
    /// <param name="masking">Masking of the projected features [B, F, D] in this training step; null: none.</param>
    public Tensor Contextualize(
        Tensor features,
        long[]? frames = null,
        Dropout? dropout = null,
        Precision precision = Precision.Float32,
        Func<Tensor, Tensor>? masking = null)
    {
        var x = Norm(features, "feature_projection.layer_norm");
        x = ToFloat32(Drop(Linear(x, "feature_projection.projection", precision), config.FeatureDropout, dropout)); // [B, F, D]
        x = masking is null ? x : masking(x);
        using var valid = frames is null ? null : ValidFrames(frames, x.shape[1], x.device);
        Tensor? keyBias = null;
        if (valid is not null)
        {
            x = x.MaskedFill(0, valid.logical_not().unsqueeze(-1));
            var bias = zeros(valid.shape, x.dtype, x.device).MaskedFill(-10_000, valid.logical_not());
            keyBias = bias[.., TensorIndex.None, TensorIndex.None, ..]; // [B, 1, 1, F]
        }

        Tap?.Invoke("proj", x);
        var position = Position(x, precision);
        Tap?.Invoke("pos_conv", position);
        x = x.Add(position);
        if (!config.NormFirst)
        {
            x = Norm(x, "encoder.layer_norm");
        }

        Tap?.Invoke("enc_ln", x);
        x = Drop(x, config.HiddenDropout, dropout);
        for (int i = 0; i < config.Layers; i++)
        {
            if (dropout?.SkipsLayer(config.LayerDrop) != true)
            {
                x = Layer(x, $"encoder.layers.{i}.", keyBias, dropout, precision);
            }

            Tap?.Invoke($"layer{i}", x);
        }

        return config.NormFirst ? Norm(x, "encoder.layer_norm") : x;
    }

    /// <summary>Mean over valid frames: [B, F, D] → [B, D].</summary>
    public static Tensor Pool(Tensor x, long[]? frames = null)
    {
        if (frames is null)
        {
            return x.mean([1L]);
        }

        using var valid = ValidFrames(frames, x.shape[1], x.device);
        using var counts = tensor(frames, dtype: ScalarType.Int64, device: x.device).to(x.dtype).unsqueeze(1);
        return (x * valid.unsqueeze(-1).to(x.dtype)).sum([1L]) / counts;
    }

    private static Tensor ValidFrames(long[] frames, long maxFrames, Device device) =>
        tensor(Enumerable.Range(0, (int)maxFrames).Select(frame => (long)frame).ToArray(), device: device).unsqueeze(0)
            < tensor(frames, dtype: ScalarType.Int64, device: device).unsqueeze(1); // [B, F]

    // Grouped convolution over time with weight norm, where each kernel tap has its own norm.
    private Tensor Position(Tensor x, Precision precision)
    {
        var v = parameters["encoder.pos_conv_embed.conv.weight_v"];
        var weight = v * (parameters["encoder.pos_conv_embed.conv.weight_g"] / (v * v).sum([0L, 1L], keepdim: true).sqrt());
        var y = BFloat16Products.Convolution(
            Cast(x.transpose(1, 2), precision),
            Cast(weight, precision),
            Weight("encoder.pos_conv_embed.conv.bias", precision),
            (signal, kernel, bias) => conv1d(signal, kernel, bias, padding: config.PositionKernel / 2, groups: config.PositionGroups));
        if (config.PositionKernel % 2 == 0)
        {
            y = y.narrow(2, 0, y.shape[2] - 1);
        }

        return ToFloat32(gelu(y).transpose(1, 2));
    }

    // TorchSharp keeps every tensor until its scope ends. Without its own scope, a layer would also keep tensors that no gradient needs.
    private Tensor Layer(Tensor x, string name, Tensor? keyBias, Dropout? dropout, Precision precision)
    {
        using var scope = NewDisposeScope();
        return Blocks(x, name, keyBias, dropout, precision).MoveToOuterDisposeScope();
    }

    private Tensor Blocks(Tensor x, string name, Tensor? keyBias, Dropout? dropout, Precision precision)
    {
        Tensor Dropped(Tensor y) => ToFloat32(Drop(y, config.HiddenDropout, dropout));

        if (config.NormFirst)
        {
            x = x.Add(Dropped(Attention(Norm(x, name + "layer_norm"), name, keyBias, dropout, precision)));
            return x.Add(Dropped(FeedForward(Norm(x, name + "final_layer_norm"), name, dropout, precision)));
        }

        x = Norm(x.Add(Dropped(Attention(x, name, keyBias, dropout, precision))), name + "layer_norm");
        return Norm(x.Add(Dropped(FeedForward(x, name, dropout, precision))), name + "final_layer_norm");
    }

    private Tensor Attention(Tensor x, string name, Tensor? keyBias, Dropout? dropout, Precision precision)
    {
        x = Cast(x, precision);
        long rows = x.shape[0], frames = x.shape[1];
        long head = config.Width / config.Heads;

        // [B, H, F, D/H]
        Tensor Heads(string projection) =>
            Linear(x, $"{name}attention.{projection}", precision).view(rows, frames, config.Heads, head).transpose(1, 2);

        var queries = Heads("q_proj").Mul(1 / Math.Sqrt(head));
        var scores = BFloat16Products.Matmul(queries, Heads("k_proj").transpose(2, 3)); // [B, H, F, F]
        if (keyBias is not null)
        {
            scores = scores.Add(Cast(keyBias, precision));
        }

        // scaled_dot_product_attention with dropout would be many times slower on a CPU.
        var weights = Drop(scores.softmax(-1), config.AttentionDropout, dropout);
        var mixed = BFloat16Products.Matmul(weights, Heads("v_proj")).transpose(1, 2).reshape(rows, frames, config.Width);
        return Linear(mixed, name + "attention.out_proj", precision);
    }

    private Tensor FeedForward(Tensor x, string name, Dropout? dropout, Precision precision)
    {
        var inner = Drop(gelu(Linear(x, name + "feed_forward.intermediate_dense", precision)), config.ActivationDropout, dropout);
        return Linear(inner, name + "feed_forward.output_dense", precision);
    }

    private Tensor Linear(Tensor x, string name, Precision precision) =>
        BFloat16Products.Linear(Cast(x, precision), Weight(name + ".weight", precision), Weight(name + ".bias", precision));

    // Always in float32, because the mean and the variance are taken over many numbers.
    private Tensor Norm(Tensor x, string name) =>
        layer_norm(ToFloat32(x), [x.shape[^1]], parameters[name + ".weight"], parameters[name + ".bias"], config.Epsilon);

    private static Tensor Drop(Tensor x, double p, Dropout? dropout) => dropout is null ? x : dropout.Apply(x, p);

    // Master weights stay float32. The cast is part of the autograd graph, so gradients arrive in float32.
    private Tensor Weight(string name, Precision precision) => Cast(parameters[name], precision);

    private static Tensor Cast(Tensor x, Precision precision) => precision == Precision.BFloat16 ? x.to(ScalarType.BFloat16) : x;

    private static Tensor ToFloat32(Tensor x) => x.dtype == ScalarType.BFloat16 ? x.to(ScalarType.Float32) : x;
}
