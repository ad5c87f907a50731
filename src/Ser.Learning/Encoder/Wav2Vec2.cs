using Ser.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Ser.Learning.Encoder;

/// <summary>
/// wav2vec 2.0 (Baevski et al. 2020): waveform → convolutional features → transformer over frames. Reads from top to bottom.
/// B rows, T samples, F frames, C channels, D width. Names of parameters are Hugging Face's.
/// </summary>
public sealed class Wav2Vec2(EncoderConfig config, ParameterSet parameters)
{
    static Wav2Vec2() => LibtorchContext.SwitchOffNnpack();

    /// <summary>The architecture.</summary>
    public EncoderConfig Config => config;

    /// <summary>The weights.</summary>
    public ParameterSet Parameters => parameters;

    /// <summary>Where the weights are, and where everything is computed.</summary>
    public Device Device => parameters.Tensors.First().device;

    /// <summary>[1, T] where the weights are.</summary>
    public Tensor Waveform(float[] samples) => tensor(samples).unsqueeze(0).to(Device);

    /// <summary>Sees intermediate values by name; for comparisons with other implementations.</summary>
    public Action<string, Tensor>? Tap { get; init; }

    /// <summary>The convolutional feature encoder: [B, T] → [B, F, C]. In the base variant group norm runs over time, so padding changes every frame.</summary>
    /// <returns>In the type of <paramref name="precision"/>.</returns>
    public Tensor Convolve(Tensor waveforms, Precision precision = Precision.Float32)
    {
        var x = In(precision, waveforms.unsqueeze(1)); // [B, 1, T]
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
        x = BFloat16Products.Convolution(x, Weight(name + "conv.weight", precision), bias, (signal, weight, add) => StridedConvolution.Apply(signal, weight, add, layer.Stride));
        if (config.ConvolutionLayerNorm)
        {
            x = In(precision, Norm(x.transpose(1, 2), name + "layer_norm").transpose(1, 2));
        }
        else if (i == 0)
        {
            // One group a channel: each channel is normalised over time.
            x = group_norm(x, layer.Channels, Weight(name + "layer_norm.weight", precision), Weight(name + "layer_norm.bias", precision), config.Epsilon);
        }

        return gelu(x).MoveToOuterDisposeScope();
    }

    /// <summary>The transformer: [B, F, C] → [B, F, D], in float32.</summary>
    /// <param name="features">Convolutional features.</param>
    /// <param name="frames">Valid frames of each row; null: all.</param>
    /// <param name="dropout">Of this training step; null: none.</param>
    /// <param name="precision">Of the products; norms and sums of layers are float32 always.</param>
    /// <param name="masking">Of this training step, on the projected features [B, F, D]; null: none.</param>
    public Tensor Contextualize(
        Tensor features, long[]? frames = null, Dropout? dropout = null, Precision precision = Precision.Float32, Func<Tensor, Tensor>? masking = null)
    {
        var x = Norm(features, "feature_projection.layer_norm");
        x = Full(Drop(Linear(x, "feature_projection.projection", precision), config.FeatureDropout, dropout)); // [B, F, D]
        x = masking is null ? x : masking(x);
        using var valid = frames is null ? null : ValidFrames(frames, x.shape[1], x.device);
        Tensor? keyBias = null;
        if (valid is not null)
        {
            x = x.With(0, valid.logical_not().unsqueeze(-1));
            keyBias = zeros(valid.shape, x.dtype, x.device).With(-10_000, valid.logical_not())[.., TensorIndex.None, TensorIndex.None, ..]; // [B, 1, 1, F]
        }

        Tap?.Invoke("proj", x);
        var position = Position(x, precision);
        Tap?.Invoke("pos_conv", position);
        x = x.Plus(position);
        if (!config.NormFirst)
        {
            x = Norm(x, "encoder.layer_norm");
        }

        Tap?.Invoke("enc_ln", x);
        x = Drop(x, config.HiddenDropout, dropout);
        for (int i = 0; i < config.Layers; i++)
        {
            if (dropout?.Skips(config.LayerDrop) != true)
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

    private static Tensor ValidFrames(long[] frames, long most, Device device) =>
        tensor(Enumerable.Range(0, (int)most).Select(frame => (long)frame).ToArray(), device: device).unsqueeze(0)
            < tensor(frames, dtype: ScalarType.Int64, device: device).unsqueeze(1); // [B, F]

    // Grouped convolution over time with weight norm: one norm for each kernel tap.
    private Tensor Position(Tensor x, Precision precision)
    {
        var v = parameters["encoder.pos_conv_embed.conv.weight_v"];
        var weight = v * (parameters["encoder.pos_conv_embed.conv.weight_g"] / (v * v).sum([0L, 1L], keepdim: true).sqrt());
        var y = BFloat16Products.Convolution(
            In(precision, x.transpose(1, 2)),
            In(precision, weight),
            Weight("encoder.pos_conv_embed.conv.bias", precision),
            (signal, kernel, bias) => conv1d(signal, kernel, bias, padding: config.PositionKernel / 2, groups: config.PositionGroups));
        if (config.PositionKernel % 2 == 0)
        {
            y = y.narrow(2, 0, y.shape[2] - 1);
        }

        return Full(gelu(y).transpose(1, 2));
    }

    // TorchSharp holds every tensor until its scope ends: without a scope of its own a layer would keep also what no gradient needs.
    private Tensor Layer(Tensor x, string name, Tensor? keyBias, Dropout? dropout, Precision precision)
    {
        using var scope = NewDisposeScope();
        return Blocks(x, name, keyBias, dropout, precision).MoveToOuterDisposeScope();
    }

    private Tensor Blocks(Tensor x, string name, Tensor? keyBias, Dropout? dropout, Precision precision)
    {
        Tensor Dropped(Tensor y) => Full(Drop(y, config.HiddenDropout, dropout));

        if (config.NormFirst)
        {
            x = x.Plus(Dropped(Attention(Norm(x, name + "layer_norm"), name, keyBias, dropout, precision)));
            return x.Plus(Dropped(FeedForward(Norm(x, name + "final_layer_norm"), name, dropout, precision)));
        }

        x = Norm(x.Plus(Dropped(Attention(x, name, keyBias, dropout, precision))), name + "layer_norm");
        return Norm(x.Plus(Dropped(FeedForward(x, name, dropout, precision))), name + "final_layer_norm");
    }

    private Tensor Attention(Tensor x, string name, Tensor? keyBias, Dropout? dropout, Precision precision)
    {
        x = In(precision, x);
        long rows = x.shape[0], frames = x.shape[1];
        long head = config.Width / config.Heads;
        Tensor Heads(string projection) => Linear(x, $"{name}attention.{projection}", precision).view(rows, frames, config.Heads, head).transpose(1, 2); // [B, H, F, D/H]

        var scores = BFloat16Products.Matmul(Heads("q_proj").Times(1 / Math.Sqrt(head)), Heads("k_proj").transpose(2, 3)); // [B, H, F, F]
        if (keyBias is not null)
        {
            scores = scores.Plus(In(precision, keyBias));
        }

        // Not scaled_dot_product_attention: with dropout it is many times slower on a CPU.
        var weights = Drop(scores.softmax(-1), config.AttentionDropout, dropout);
        var mixed = BFloat16Products.Matmul(weights, Heads("v_proj")).transpose(1, 2).reshape(rows, frames, config.Width);
        return Linear(mixed, name + "attention.out_proj", precision);
    }

    private Tensor FeedForward(Tensor x, string name, Dropout? dropout, Precision precision)
    {
        var inner = Drop(gelu(Linear(x, name + "feed_forward.intermediate_dense", precision)), config.ActivationDropout, dropout);
        return Linear(inner, name + "feed_forward.output_dense", precision);
    }

    private Tensor Linear(Tensor x, string name, Precision precision) => BFloat16Products.Linear(In(precision, x), Weight(name + ".weight", precision), Weight(name + ".bias", precision));

    // In float32: a mean and a variance over many numbers.
    private Tensor Norm(Tensor x, string name) => layer_norm(Full(x), [x.shape[^1]], parameters[name + ".weight"], parameters[name + ".bias"], config.Epsilon);

    private static Tensor Drop(Tensor x, double p, Dropout? dropout) => dropout is null ? x : dropout.Apply(x, p);

    // Master weights stay float32: the cast is part of the graph, so gradients come back in float32.
    private Tensor Weight(string name, Precision precision) => In(precision, parameters[name]);

    private static Tensor In(Precision precision, Tensor x) => precision == Precision.BFloat16 ? x.to(ScalarType.BFloat16) : x;

    private static Tensor Full(Tensor x) => x.dtype == ScalarType.BFloat16 ? x.to(ScalarType.Float32) : x;
}
