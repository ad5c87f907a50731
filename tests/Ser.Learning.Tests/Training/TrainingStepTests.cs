using Ser.Checkpoints;
using Ser.Domain.Experiments;
using Ser.Learning.Encoder;
using Ser.Learning.Training;
using TorchSharp;

namespace Ser.Learning.Tests.Training;

public sealed class TrainingStepTests
{
    [Theory]
    [InlineData("none", "none", 0)]
    [InlineData("convolution", "none", 0)]
    [InlineData("convolution", "specaugment", 8)]
    public void Rows_in_parts_have_the_gradients_of_one_batch(string freeze, string masking, int projection)
    {
        var whole = Gradients(Options(freeze, masking, projection));
        foreach (int rows in (int[])[1, 3, 4])
        {
            var parts = Gradients(Options(freeze, masking, projection) with { RowsAtOnce = rows });
            Assert.Equal(whole.Losses.Total, parts.Losses.Total, 5e-6);
            Assert.InRange(RelativeDifference(whole.ByName, parts.ByName), 0, 2e-5);
        }
    }

    // libtorch uses other algorithms in float64 than in float32, so that an error in one of them shows.
    [Fact]
    public void Float32_has_the_gradients_of_float64()
    {
        var options = Options("none", "none", 0);
        var single = Gradients(options, dropout: 0);
        using var scope = torch.NewDisposeScope();
        using var drawn = Model(options, 0);
        var parameters = new ParameterSet();
        foreach (string name in drawn.Parameters.Names)
        {
            parameters.Add(name, drawn.Parameters[name].detach().to(torch.ScalarType.Float64).requires_grad_(true));
        }

        var encoder = new Wav2Vec2(drawn.Encoder.Config, parameters);
        var rows = new BatchPrefetcher(ToneUtterances.Create(0, 4), [[0, 1, 2, 3]], options, 1).GetBatch(0);
        int most = rows.Waveforms.Max(waveform => waveform.Length);
        float[] Padded(float[] waveform) => [.. waveform, .. new float[most - waveform.Length]];
        float[] samples = [.. rows.Waveforms.SelectMany(Padded)];
        var padded = torch.tensor(samples, [rows.Count, most]).to(torch.ScalarType.Float64);
        long[] frames = [.. rows.Waveforms.Select(waveform => encoder.Config.Frames(waveform.Length))];
        var pooled = Wav2Vec2.Pool(encoder.Contextualize(encoder.Convolve(padded), frames), frames);
        var labels = torch.tensor(rows.Classes);
        var logits = torch.nn.functional.linear(pooled, parameters["head.weight"], parameters["head.bias"]);
        var ce = torch.nn.functional.cross_entropy(logits, labels);
        var scl = Losses.SupervisedContrastive(pooled, labels, options.Temperature, options.Normalize, Reduction.MeanValid);
        Losses.Combined(ce, scl, options.Lambda).backward();
        float[] Gradient(string name) => parameters[name].grad!.to(torch.ScalarType.Float32).data<float>().ToArray();
        var right = parameters.Names.ToDictionary(name => name, Gradient);

        // The gradient of k_proj.bias is zero but for rounding.
        foreach (string name in right.Keys.Where(name => !name.EndsWith("k_proj.bias", StringComparison.Ordinal)))
        {
            Assert.True(RelativeDifference(new() { [name] = right[name] }, single.ByName) < 1e-4, name);
        }
    }

    [Fact]
    public void Bfloat16_has_the_loss_and_the_direction_of_float32()
    {
        var full = Gradients(Options("convolution", "none", 0), dropout: 0);
        var half = Gradients(Options("convolution", "none", 0) with { Precision = "bfloat16" }, dropout: 0);
        Assert.Equal(full.Losses.Total, half.Losses.Total, 0.05);
        Assert.NotEqual(full.Losses.Total, half.Losses.Total);
        Assert.InRange(RelativeDifference(full.ByName, half.ByName), 1e-4, 0.1);
    }

    [Fact]
    public void Bfloat16_learns_what_float32_learns()
    {
        var options = Options("convolution", "none", 0) with
        {
            Precision = "bfloat16",
            Epochs = 8,
            Optimizer = "adamw",
            LearningRate = 1e-3,
        };
        var history = Train(options);
        Assert.True(history[^1].Loss < 0.7 * history[0].Loss, string.Join(" ", history.Select(epoch => epoch.Loss)));
        Assert.True(history.Max(epoch => epoch.ValidationUa) > 0.8);
    }

    [Fact]
    public void Training_ends_when_no_epoch_has_improved_for_a_while()
    {
        // Nothing is learnt at such a rate: the first epoch stays the best, or one shortly after it whose loss differs in its last digits.
        var options = Options("convolution", "none", 0) with { Epochs = 50, LearningRate = 1e-9, EarlyStop = 3 };
        var history = Train(options with { Optimizer = "sgd", Momentum = 0 });
        Assert.True(history.Count < 50);
        var best = history
            .OrderByDescending(epoch => epoch.ValidationUa)
            .ThenBy(epoch => epoch.ValidationLoss)
            .ThenBy(epoch => epoch.Epoch)
            .First();
        Assert.Equal(best.Epoch + 3, history[^1].Epoch);
    }

    [Fact]
    public void The_rate_rises_during_warm_up()
    {
        var history = Train(Options("convolution", "none", 0) with { Epochs = 4, WarmupEpochs = 2, LearningRate = 1e-3 });
        Assert.Equal([0.5e-3, 1e-3, 1e-3, 1e-3], history.Select(epoch => epoch.LearningRate), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_projection_head_is_trained_by_the_contrastive_loss_and_leaves_the_classifier_alone()
    {
        var with = Gradients(Options("convolution", "none", 8) with { Lambda = 0.5 });
        Assert.Contains(with.ByName["projection.outer.weight"], value => value != 0);
        Assert.Contains(with.ByName["projection.inner.weight"], value => value != 0);
        var without = Gradients(Options("convolution", "none", 8) with { Lambda = 0 });
        Assert.Empty(without.ByName["projection.outer.weight"]);
        Assert.NotEmpty(without.ByName["head.weight"]);
    }

    private static FineTuneOptions Options(string freeze, string masking, int projection) =>
        TinyTraining.Options with { Lambda = 0.3, Freeze = freeze, Masking = masking, ProjectionHead = projection };

    private static (StepLosses Losses, Dictionary<string, float[]> ByName) Gradients(FineTuneOptions options, double dropout = 0.1)
    {
        torch.set_num_threads(1);
        using var model = Model(options, dropout);
        foreach (string name in model.Parameters.Names)
        {
            bool trained = options.Freeze == "none" || !name.StartsWith(ParameterShapes.Convolution, StringComparison.Ordinal);
            model.Parameters[name].requires_grad_(trained);
        }

        var train = ToneUtterances.Create(0, 4);
        var frozen = options.Freeze == "none" ? null : new FrozenFeatures(model.Encoder, options.ProductPrecision, null);
        var step = new TrainingStep(model, options, frozen);
        var losses = step.Backward(new BatchPrefetcher(train, [[0, 1, 2, 3]], options, 1).GetBatch(0), 1, 0);
        float[] Gradient(string name) => model.Parameters[name].grad?.data<float>().ToArray() ?? [];
        return (losses, model.Parameters.Names.ToDictionary(name => name, Gradient));
    }

    private static IReadOnlyList<EpochResult> Train(FineTuneOptions options)
    {
        torch.set_num_threads(1);
        using var model = Model(options, 0.1);
        var (train, validation) = (ToneUtterances.Create(0, 12), ToneUtterances.Create(12, 6));
        return FineTuning.Run(model, train, validation, options, TinyTraining.NoHooks, CancellationToken.None);
    }

    private static Classifier Model(FineTuneOptions options, double dropout)
    {
        var config = EncoderConfig.Preset("tiny") with { FeatureDropout = dropout, HiddenDropout = dropout, AttentionDropout = dropout };
        var parameters = Initialization.CreateParameters(config, 1);
        if (options.Masking == "specaugment")
        {
            using var scope = torch.NewDisposeScope();
            parameters.Add(ParameterShapes.MaskVector, torch.zeros(config.Width));
        }

        return new Classifier(new Wav2Vec2(config, parameters), options.Classes, 1, options.ProjectionHead);
    }

    // Over all parameters together: the gradient of some is zero but for rounding.
    private static double RelativeDifference(Dictionary<string, float[]> a, Dictionary<string, float[]> b)
    {
        double apart = 0, size = 0;
        foreach (var (name, values) in a)
        {
            Assert.Equal(values.Length, b[name].Length);
            apart += values.Zip(b[name], (x, y) => (double)(x - y) * (x - y)).Sum();
            size += values.Sum(x => (double)x * x);
        }

        return Math.Sqrt(apart / size);
    }
}
