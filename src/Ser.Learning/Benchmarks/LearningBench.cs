using System.Diagnostics;
using Ser.Learning.Encoder;
using Ser.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Learning.Benchmarks;

/// <summary>Figures of one run on this machine; compare them with each other, not with another run's.</summary>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="GemmGflops">Rate of a 2048³ float32 product.</param>
/// <param name="ForwardSeconds">One forward pass of base on 4 × 7.5 s, without gradients.</param>
/// <param name="StepSeconds">One fine-tuning step of base on 4 × 7.5 s: frozen convolutional encoder, dropout 0.1, λ = 0.1, SGD.</param>
/// <param name="StepGflops">Rate of that step: convolutions counted forward once, the transformer's products three times.</param>
public sealed record LearningFigures(int Threads, double GemmGflops, double ForwardSeconds, double StepSeconds, double StepGflops);

/// <summary>`ser bench learning`. Medians of five after a warm-up.</summary>
public static class LearningBench
{
    private const int Rows = 4;
    private const int Samples = 120_000;
    private const int Side = 2048;
    private const int Repeats = 5;

    /// <summary>Measures; <paramref name="say"/> is told what is being measured.</summary>
    public static LearningFigures Run(int threads, Action<string> say)
    {
        set_num_threads(threads);
        say($"a {Side}³ product");
        double gemm = Gemm();
        var config = EncoderConfig.Preset("base") with { LayerDrop = 0 };
        using var model = new Classifier(new Wav2Vec2(config, Initialization.Draw(config, 1)), 4, 1);
        foreach (string name in model.Parameters.Names)
        {
            model.Parameters[name].requires_grad_(!name.StartsWith(ParameterShapes.Convolution, StringComparison.Ordinal));
        }

        using var waveforms = randn(Rows, Samples);
        using var labels = tensor(new long[] { 0, 1, 0, 2 });
        say("a forward pass of base");
        double forward = Median(() =>
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            model.Encoder.Contextualize(Features(model.Encoder, waveforms));
        });
        say("a fine-tuning step of base");
        using var sgd = new Sgd(model.Parameters, 0.9);
        long step = 0;
        double seconds = Median(() =>
        {
            using var scope = NewDisposeScope();
            var dropout = new Dropout(new Draw(1, 1, step, "dropout"));
            Tensor features;
            using (no_grad())
            {
                features = Features(model.Encoder, waveforms);
            }

            var pooled = Wav2Vec2.Pool(model.Encoder.Contextualize(features, null, dropout));
            var ce = nn.functional.cross_entropy(model.Logits(pooled), labels);
            var scl = Losses.SupervisedContrastive(pooled, labels, 0.07, normalize: true, Reduction.MeanValid);
            model.Parameters.ClearGradients();
            Losses.Combined(ce, scl, 0.1).backward();
            sgd.Step(_ => 1e-4, ++step);
        });
        return new LearningFigures(threads, gemm, forward, seconds, StepFlops(config, Rows, Samples) / seconds / 1e9);
    }

    /// <summary>Operations of one step: convolutions forward once, products of the transformer three times (forward, and backward to both factors).</summary>
    public static double StepFlops(EncoderConfig config, int rows, long samples)
    {
        double convolution = 0, inputs = 1, frames = samples;
        foreach (var layer in config.Convolution)
        {
            frames = Math.Floor((frames - layer.Kernel) / layer.Stride) + 1;
            convolution += 2 * frames * layer.Channels * inputs * layer.Kernel;
            inputs = layer.Channels;
        }

        double width = config.Width;
        double position = 2 * frames * width * (width / config.PositionGroups) * config.PositionKernel;
        double layerFlops = (8 * frames * width * width) + (4 * frames * frames * width) + (4 * frames * width * config.FeedForward);
        double transformer = (2 * frames * inputs * width) + position + (config.Layers * layerFlops);
        return rows * (convolution + (3 * transformer));
    }

    // As training does it: each row alone, without padding.
    private static Tensor Features(Wav2Vec2 encoder, Tensor waveforms) =>
        cat([.. Enumerable.Range(0, (int)waveforms.shape[0]).Select(row => encoder.Convolve(waveforms[row..(row + 1)]))]);

    private static double Gemm()
    {
        using var a = randn(Side, Side);
        using var b = randn(Side, Side);
        return 2.0 * Side * Side * Side / 1e9 / Median(() => matmul(a, b).Dispose());
    }

    private static double Median(Action action)
    {
        action();
        return Enumerable.Range(0, Repeats).Select(_ =>
        {
            long begun = Stopwatch.GetTimestamp();
            action();
            return Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }).Order().ElementAt(Repeats / 2);
    }
}
