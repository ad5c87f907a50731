using System.Diagnostics;
using Ser.Checkpoints;
using Ser.Domain.Experiments;
using Ser.Domain.Randomness;
using Ser.Learning.Encoder;
using Ser.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Bench.Learning;

/// <summary>Results of one run on this machine. Compare them with each other, not with those of another run.</summary>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="GemmGflops">Rate of a 2048³ float32 product.</param>
/// <param name="ForwardSeconds">One forward pass of base on 4 × 7.5 s in float32, without gradients.</param>
/// <param name="StepSeconds">
/// One fine-tuning step of base on 4 × 7.5 s in float32: frozen convolutional encoder, dropout 0.1, λ = 0.1, SGD.
/// </param>
/// <param name="StepGflops">Rate of that step, where convolutions count once (forward) and the transformer's products three times.</param>
/// <param name="StepOfGemm">That rate as a share of <paramref name="GemmGflops"/>.</param>
/// <param name="BFloat16StepSeconds">
/// The same step in bfloat16. Where the processor has no bfloat16 products, it runs in float32 on rounded numbers.
/// </param>
/// <param name="BFloat16Faster">Speed in bfloat16 relative to float32.</param>
/// <param name="CheckpointSeconds">
/// Time for which a checkpoint of base (model, momentum and best epoch) suspends training: that of the copy in memory. The file is written
/// in the background.
/// </param>
public sealed record LearningFigures(
    int Threads,
    double GemmGflops,
    double ForwardSeconds,
    double StepSeconds,
    double StepGflops,
    double StepOfGemm,
    double BFloat16StepSeconds,
    double BFloat16Faster,
    double CheckpointSeconds);

/// <summary>The benchmark `ser bench learning`. Times are medians of five runs after a warm-up.</summary>
public static class LearningBench
{
    private const int Rows = 4;
    private const int Samples = 120_000;
    private const int Side = 2048;
    private const int Repeats = 5;
    private const int Classes = 4;

    /// <summary>Runs all measurements; <paramref name="report"/> is called with the name of each before it starts.</summary>
    public static LearningFigures Run(int threads, Action<string> report)
    {
        set_num_threads(threads);
        report($"a {Side}³ product");
        double gemm = Gemm();
        var config = EncoderConfig.Preset("base") with { LayerDrop = 0 };
        using var model = new Classifier(new Wav2Vec2(config, Initialization.CreateParameters(config, 1)), 4, 1);
        foreach (string name in model.Parameters.Names)
        {
            model.Parameters[name].requires_grad_(!name.StartsWith(ParameterShapes.Convolution, StringComparison.Ordinal));
        }

        var utterances = Utterances();
        report("a forward pass of base");
        double forward = Median(() => Forward(model.Encoder, utterances));
        report("a fine-tuning step of base in float32");
        double step = Step(model, utterances, "float32");
        report("a fine-tuning step of base in bfloat16");
        double bfloat16Step = Step(model, utterances, "bfloat16");
        report("a checkpoint of base");
        double checkpoint = Checkpoint(model);
        double rate = StepFlops(config, Rows, Samples) / step / 1e9;
        return new LearningFigures(threads, gemm, forward, step, rate, rate / gemm, bfloat16Step, step / bfloat16Step, checkpoint);
    }

    private static void Forward(Wav2Vec2 encoder, TrainingUtterance[] utterances)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var features = cat([.. utterances.Select(utterance => encoder.Convolve(encoder.Waveform(utterance.Read())))]);
        encoder.Contextualize(features);
    }

    private static double Step(Classifier model, TrainingUtterance[] utterances, string precision)
    {
        var options = new FineTuneOptions
        {
            Lambda = 0.1,
            Augmentation = "none",
            Seed = 1,
            Classes = Classes,
            Freeze = "convolution",
            Epochs = 1,
            Batch = Rows,
            Optimizer = "sgd",
            LearningRate = 1e-4,
            Momentum = 0.9,
            Schedule = "constant",
            Temperature = 0.07,
            Reduction = "mean-valid",
            Normalize = true,
            CrossEntropy = "both",
            Keep = "last",
            Precision = precision,
        };
        using var sgd = new Sgd(model.Parameters, options.Momentum);
        var training = new TrainingStep(model, options, new FrozenFeatures(model.Encoder, options.ProductPrecision, null));
        var rows = new Batch(utterances, Array.ConvertAll(utterances, utterance => utterance.Read()));
        long step = 0;
        return Median(() =>
        {
            training.Backward(rows, 1, step);
            sgd.Step(_ => options.LearningRate, ++step);
        });
    }

    private static double Checkpoint(Classifier model)
    {
        using var sgd = new Sgd(model.Parameters, 0.9);
        using var state = new FineTuneState(model, sgd, new PlateauSchedule(1e-4, 0.1, 20));
        state.AddEpoch(new EpochResult(1, 1, 1, 1, 1, 0.5, 0.5, 1e-4), "last");
        string path = Path.GetTempFileName();
        try
        {
            return Enumerable.Range(0, Repeats).Select(_ => SnapshotSeconds()).Order().ElementAt(Repeats / 2);
        }
        finally
        {
            File.Delete(path);
        }

        double SnapshotSeconds()
        {
            long start = Stopwatch.GetTimestamp();
            var write = state.Snapshot();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            write(path);
            return seconds;
        }
    }

    private static TrainingUtterance[] Utterances() => [.. Enumerable.Range(0, Rows).Select(Utterance)];

    private static TrainingUtterance Utterance(int index)
    {
        var random = new RandomStream(1, 0, index, "bench");
        float[] waveform = [.. Enumerable.Range(0, Samples).Select(_ => (float)random.NextNormal())];
        return new TrainingUtterance(index, waveform, index % 3);
    }

    /// <summary>
    /// Floating-point operations of one step. Convolutions count once (forward), and products of the transformer three times (forward, and
    /// backward to both factors).
    /// </summary>
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

    private static double Gemm()
    {
        using var a = randn(Side, Side);
        using var b = randn(Side, Side);
        return 2.0 * Side * Side * Side / 1e9 / Median(() => matmul(a, b).Dispose());
    }

    private static double Median(Action action)
    {
        action();
        return Enumerable.Range(0, Repeats).Select(_ => Seconds(action)).Order().ElementAt(Repeats / 2);
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
