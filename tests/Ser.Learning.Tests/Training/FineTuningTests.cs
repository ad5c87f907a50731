using Ser.Checkpoints;
using Ser.Domain.Experiments;
using Ser.Learning.Encoder;
using Ser.Learning.Training;
using Ser.Stages.FineTune;
using TorchSharp;

namespace Ser.Learning.Tests.Training;

public sealed class FineTuningTests : IDisposable
{
    private readonly string _checkpoint = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    [Theory]
    [InlineData("sgd", "plateau", "convolution", 5)]
    [InlineData("adamw", "one-cycle", "none", 1)]
    [InlineData("adamw", "one-cycle", "none", 3)]
    [InlineData("adamw", "constant", "none", 8)]
    public void A_run_cut_at_any_step_and_resumed_makes_the_same_bits(string optimizer, string schedule, string freeze, int cutAt)
    {
        // Half of the layers are skipped: the optimiser state of a skipped layer must not depend on where the run was cut.
        var options = Options(optimizer, schedule, freeze);
        var (whole, history) = Train(options, null, cutAt: int.MaxValue, layerDrop: 0.5);
        Assert.Throws<OperationCanceledException>(() => Train(options, null, cutAt, layerDrop: 0.5));
        var (resumed, continued) = Train(options, _checkpoint, cutAt: int.MaxValue, layerDrop: 0.5);
        Assert.Equal(history, continued);
        Assert.Equal(whole, resumed);
    }

    [Fact]
    public void A_stop_during_validation_leaves_a_checkpoint_at_the_end_of_the_epoch()
    {
        var options = Options("adamw", "one-cycle", "none");
        var (whole, history) = Train(options, null, cutAt: int.MaxValue);
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(options, null, cutAt: int.MaxValue, stop: stop, dueAt: 3));
        var (resumed, continued) = Train(options, _checkpoint, cutAt: int.MaxValue);
        Assert.Equal(history, continued);
        Assert.Equal(whole, resumed);
    }

    // Golden numbers: if they change, raise FineTuneStage.Revision and write down the new ones, so that no older result is reused.
    [Fact]
    public void The_numbers_are_those_of_the_revision()
    {
        var (_, sgd) = Train(Options("sgd", "plateau", "convolution") with { LearningRate = 1e-2 }, null, int.MaxValue);
        var (_, adam) = Train(Options("adamw", "one-cycle", "none"), null, int.MaxValue);
        Assert.Equal(2, new FineTuneStage().Revision);
        AssertNear([2.2029, 0.9242, 1.2616, 0.6211, 0.7409, 0.4898], [.. sgd.SelectMany(Losses)]);
        AssertNear([1.8612, 1.5262, 0.9300, 0.4701, 0.6243, 0.5246], [.. adam.SelectMany(Losses)]);

        static double[] Losses(EpochResult epoch) => [epoch.Loss, epoch.ValidationLoss];
    }

    // Bits differ between instruction sets; a change of the method would move the numbers much further than this tolerance.
    private static void AssertNear(double[] golden, double[] now)
    {
        bool near = golden.Zip(now).All(pair => Math.Abs(pair.First - pair.Second) < 5e-3);
        Assert.True(near, $"golden [{string.Join(", ", golden)}]{Environment.NewLine}now    [{string.Join(", ", now)}]");
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
        using var before = Initialization.CreateParameters(config, 1);
        var (after, _) = Train(Options("sgd", "constant", "convolution"), null, int.MaxValue);
        foreach (string name in before.Names.Where(name => name.StartsWith(ParameterShapes.Convolution, StringComparison.Ordinal)))
        {
            Assert.Equal(before[name].data<float>().ToArray(), after[name]);
        }

        const string Weight = "encoder.layers.0.attention.q_proj.weight";
        Assert.NotEqual(before[Weight].data<float>().ToArray(), after[Weight]);
    }

    [Fact]
    public void A_diverging_loss_is_reported_with_a_remedy()
    {
        var options = Options("sgd", "constant", "none") with { LearningRate = 1e30, Epochs = 5 };
        var error = Assert.Throws<NonFiniteLossException>(() => Train(options, null, int.MaxValue));
        Assert.Contains("learningRate", error.Message, StringComparison.Ordinal);
    }

    private static FineTuneOptions Options(string optimizer, string schedule, string freeze) =>
        TinyTraining.Options with { Optimizer = optimizer, Schedule = schedule, Freeze = freeze };

    private (Dictionary<string, float[]> Weights, IReadOnlyList<EpochResult> History) Train(
        FineTuneOptions options, string? resume, int cutAt, double layerDrop = 0, CancellationTokenSource? stop = null, int dueAt = -1)
    {
        torch.set_num_threads(1);
        var config = EncoderConfig.Preset("tiny") with { LayerDrop = layerDrop };
        using var model = new Classifier(new Wav2Vec2(config, Initialization.CreateParameters(config, options.Seed)),
            options.Classes, options.Seed);
        stop ??= new CancellationTokenSource();
        int asked = 0;
        var history = FineTuning.Run(model, ToneUtterances.Create(0, 12), ToneUtterances.Create(12, 6), options, new FineTuneHooks
        {
            Resume = resume,
            IsCheckpointDue = () =>
            {
                // The last thing that happens before validation.
                if (++asked == dueAt)
                {
                    stop.Cancel();
                }

                return false;
            },
            SaveCheckpoint = write => write(_checkpoint),
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

    public void Dispose() => File.Delete(_checkpoint);
}
