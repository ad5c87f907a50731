using System.Diagnostics;
using Ser.Checkpoints;
using Ser.Domain.Randomness;
using Ser.Learning.Encoder;
using Ser.Learning.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Ser.Bench.Learning;

/// <summary>Figures of one run on this machine; compare them with each other, not with another run's.</summary>
/// <param name="Threads">Threads of libtorch.</param>
/// <param name="GemmGflops">Rate of a 2048³ float32 product.</param>
/// <param name="ForwardSeconds">One forward pass of base on 4 × 7.5 s in float32, without gradients.</param>
/// <param name="StepSeconds">One fine-tuning step of base on 4 × 7.5 s in float32: frozen convolutional encoder, dropout 0.1, λ = 0.1, SGD.</param>
/// <param name="StepGflops">Rate of that step: convolutions counted forward once, the transformer's products three times.</param>
/// <param name="StepOfGemm">That rate as a share of <paramref name="GemmGflops"/>.</param>
/// <param name="BFloat16StepSeconds">The same step in bfloat16; where the processor has no such products, in float32 on rounded numbers.</param>
/// <param name="BFloat16Faster">Times as fast as in float32.</param>
/// <param name="CheckpointSeconds">What training of base waits for a checkpoint of model, momentum and best epoch: the copy in memory. It is written beside the training.</param>
public sealed record LearningFigures(
    int Threads, double GemmGflops, double ForwardSeconds, double StepSeconds, double StepGflops, double StepOfGemm, double BFloat16StepSeconds, double BFloat16Faster, double CheckpointSeconds);

/// <summary>`ser bench learning`. Medians of five after a warm-up.</summary>
public static class LearningBench
{
    private const int Rows = 4;
    private const int Samples = 120_000;
    private const int Side = 2048;
    private const int Repeats = 5;
    private const int Classes = 4;

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

        var utterances = Utterances();
        say("a forward pass of base");
        double forward = Median(() =>
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            model.Encoder.Contextualize(cat([.. utterances.Select(utterance => model.Encoder.Convolve(model.Encoder.Waveform(utterance.Read())))]));
        });
        say("a fine-tuning step of base in float32");
        double step = Step(model, utterances, "float32");
        say("a fine-tuning step of base in bfloat16");
        double half = Step(model, utterances, "bfloat16");
        say("a checkpoint of base");
        double checkpoint = Checkpoint(model);
        double rate = StepFlops(config, Rows, Samples) / step / 1e9;
        return new LearningFigures(threads, gemm, forward, step, rate, rate / gemm, half, step / half, checkpoint);
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
        var training = new TrainingStep(model, options, new FrozenFeatures(model.Encoder, options.TypeOfProducts, null));
        var rows = new Rows(utterances, Array.ConvertAll(utterances, utterance => utterance.Read()));
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
        state.Keep(new EpochResult(1, 1, 1, 1, 1, 0.5, 0.5, 1e-4), "last");
        string path = Path.GetTempFileName();
        try
        {
            return Enumerable.Range(0, Repeats).Select(_ =>
            {
                long begun = Stopwatch.GetTimestamp();
                var write = state.Snapshot();
                double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
                write(path);
                return seconds;
            }).Order().ElementAt(Repeats / 2);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static TrainingUtterance[] Utterances() => [.. Enumerable.Range(0, Rows).Select(i =>
    {
        var draw = new Draw(1, 0, i, "bench");
        float[] waveform = [.. Enumerable.Range(0, Samples).Select(_ => (float)draw.Normal())];
        return new TrainingUtterance(i, waveform, i % 3);
    })];

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
