using Ser.Learning.Encoder;
using Ser.Learning.Training;
using TorchSharp;

namespace Ser.Learning.Tests.Training;

public sealed class FineTuningTests : IDisposable
{
    private readonly string checkpoint = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [Theory]
    [InlineData("sgd", "plateau", "convolution", 5)]
    [InlineData("adamw", "one-cycle", "none", 1)]
    [InlineData("adamw", "constant", "none", 8)]
    public void A_run_cut_at_any_step_and_resumed_makes_the_same_bits(string optimizer, string schedule, string freeze, int cutAt)
    {
        var options = Options(optimizer, schedule, freeze);
        var (whole, history) = Train(options, null, cutAt: int.MaxValue);
        Assert.Throws<OperationCanceledException>(() => Train(options, null, cutAt));
        var (resumed, continued) = Train(options, checkpoint, cutAt: int.MaxValue);
        Assert.Equal(history, continued);
        Assert.Equal(whole, resumed);
    }

    [Fact]
    public void It_learns_to_tell_two_tones_apart()
    {
        var (_, history) = Train(Options("adamw", "constant", "none") with { Epochs = 6 }, null, int.MaxValue);
        Assert.True(history[^1].Loss < history[0].Loss);
        Assert.Equal(1, history.Max(epoch => epoch.ValidationUa));
    }

    [Fact]
    public void A_frozen_convolution_stays_as_it_was()
    {
        var config = EncoderConfig.Preset("tiny");
        using var before = Initialization.Draw(config, 1);
        var (after, _) = Train(Options("sgd", "constant", "convolution"), null, int.MaxValue);
        foreach (string name in before.Names.Where(name => name.StartsWith(ParameterShapes.Convolution, StringComparison.Ordinal)))
        {
            Assert.Equal(before[name].data<float>().ToArray(), after[name]);
        }

        Assert.NotEqual(before["encoder.layers.0.attention.q_proj.weight"].data<float>().ToArray(), after["encoder.layers.0.attention.q_proj.weight"]);
    }

    [Fact]
    public void A_loss_that_runs_away_is_said_with_a_cure()
    {
        var error = Assert.Throws<NonFiniteLossException>(() => Train(Options("sgd", "constant", "none") with { LearningRate = 1e30, Epochs = 5 }, null, int.MaxValue));
        Assert.Contains("learningRate", error.Message, StringComparison.Ordinal);
    }

    private static FineTuneOptions Options(string optimizer, string schedule, string freeze) => new()
    {
        Lambda = 0.1,
        Augmentation = "noise",
        Seed = 1,
        Classes = 2,
        Freeze = freeze,
        Epochs = 3,
        Batch = 4,
        Optimizer = optimizer,
        LearningRate = 1e-3,
        Momentum = 0.9,
        Schedule = schedule,
        Patience = 0,
        Factor = 0.1,
        Temperature = 0.07,
        Reduction = "mean-valid",
        Normalize = true,
        CrossEntropy = "both",
        Keep = "best",
    };

    private (Dictionary<string, float[]> Weights, IReadOnlyList<EpochResult> History) Train(FineTuneOptions options, string? resume, int cutAt)
    {
        torch.set_num_threads(1);
        var config = EncoderConfig.Preset("tiny");
        using var model = new Classifier(new Wav2Vec2(config, Initialization.Draw(config, options.Seed)), options.Classes, options.Seed);
        using var stop = new CancellationTokenSource();
        var history = FineTuning.Run(model, Tones(0, 12), Tones(12, 6), options, new FineTuneHooks
        {
            Resume = resume,
            CheckpointDue = () => false,
            SaveCheckpoint = write => write(checkpoint),
            Report = progress =>
            {
                if (progress.Step == cutAt && progress.Ended is null)
                {
                    stop.Cancel();
                }
            },
        }, stop.Token);
        return (model.Parameters.Names.ToDictionary(name => name, name => model.Parameters[name].data<float>().ToArray()), history);
    }

    // Lengths differ, so that padding and masks take part.
    private static List<TrainingUtterance> Tones(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(i => new TrainingUtterance(i, Tone(i % 2 == 0 ? 200 : 900, 3200 + (160 * (i % 5)), i), i % 2))];

    private static float[] Tone(double hertz, int samples, int phase) =>
        [.. Enumerable.Range(0, samples).Select(n => (float)(1.4 * Math.Sin((2 * Math.PI * hertz * n / 16000) + phase)))];

    public void Dispose() => File.Delete(checkpoint);
}
