using Ser.Checkpoints;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;

namespace Ser.Stages.Tests.FineTune;

/// <summary>
/// The canonical JSON of specifications, from which job ids are computed. fine-tune-specs.txt was written before the specification was
/// typed; a changed line means a changed id, which makes every earlier result useless.
/// </summary>
public sealed class FineTuneSpecTests
{
    private static readonly TrainingSettings EverySetting = new()
    {
        Epochs = 3,
        Batch = 5,
        Optimizer = "adamw",
        LearningRate = 1e-5,
        HeadLearningRate = 1e-4,
        Momentum = 0.5,
        WeightDecay = 0.01,
        Schedule = "one-cycle",
        WarmupEpochs = 1.5,
        EarlyStop = 4,
        Masking = "specaugment",
        ProjectionHead = 32,
        Patience = 7,
        Factor = 0.5,
        Temperature = 0.2,
        Reduction = "sum",
        Normalize = false,
        CrossEntropy = "originals",
        Keep = "last",
        MaxSeconds = 3,
        Dropout = 0.2,
        CheckpointEvery = 5,
    };

    private static readonly TrainingSettings NeutralSettings = new() { WarmupEpochs = 0, EarlyStop = 0, Masking = "none", WeightDecay = 0 };

    public static TheoryData<string, Experiment> Experiments => new()
    {
        { "paper", new Experiment() },
        { "robust", new Experiment { Grid = [new GridEntry { Lambda = [0.1], Profile = [Profiles.Robust] }] } },
        { "every-setting", new Experiment { Training = EverySetting } },
        { "neutral-settings", new Experiment { Training = NeutralSettings } },
        { "no-augmentation", new Experiment { Grid = [new GridEntry { Lambda = [0], Augmentation = ["none"], Seed = [9] }] } },
        { "trained-convolutions", new Experiment { Encoder = new EncoderSettings { Preset = "tiny", Freeze = "none" } } },
        { "bfloat16", new Experiment { Compute = new ComputeSettings { Precision = "bfloat16", RowsAtOnce = 0 } } },
        { "cuda", new Experiment { Compute = new ComputeSettings { Device = "cuda" } } },
        { "rows-at-once", new Experiment { Compute = new ComputeSettings { RowsAtOnce = 8 } } },
        { "weights", new Experiment { Encoder = new EncoderSettings { Weights = "w.safetensors" } } },
        { "baseline", new Experiment { Encoder = new EncoderSettings { Preset = EncoderSettings.Mfcc } } },
    };

    [Theory]
    [MemberData(nameof(Experiments))]
    public void The_specification_is_what_it_was(string name, Experiment experiment)
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "FineTune", "fine-tune-specs.txt"));
        string expected = Assert.Single(lines, line => line.StartsWith($"{name} ", StringComparison.Ordinal));
        Assert.Equal(expected, $"{name} {CanonicalJson.Write(Specification(experiment))}");
    }

    private static System.Text.Json.Nodes.JsonObject Specification(Experiment experiment)
    {
        var corpus = new Corpus("csv", "made-up", "digest", ["angry", "sad"], [], [], new Dictionary<string, int>());
        var fold = new Fold(1, ["a"], ["b"], ["c"], [], [], []);
        var weights = new WeightsInput("w.safetensors", "sha", EncoderConfig.Preset("base"), NormalizeInput: true);
        var plan = new PlanContext(experiment, corpus, [fold], new Dictionary<string, WeightsInput> { ["w.safetensors"] = weights }, 2);
        return new Stages.FineTune.FineTuneStage().CreateSpec(plan, experiment.Arms()[^1], fold);
    }
}
