using System.Text.Json.Nodes;
using Ser.Checkpoints;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;
using Ser.Stages.FineTune;

namespace Ser.Stages.Tests;

/// <summary>
/// The canonical JSON of specifications, from which job ids are computed. specifications.txt was written before the specifications were
/// typed; a changed line means a changed id, which makes every earlier result useless.
/// </summary>
public sealed class SpecificationTests
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

    private static readonly EncoderSettings Published = new() { Weights = "w.safetensors", Freeze = "all" };

    private static readonly ProjectionSettings BothProjections = new()
    {
        Methods = [ProjectionSettings.Tsne, ProjectionSettings.Pca],
        Perplexity = 12.5,
        Iterations = 250,
    };

    public static TheoryData<string, Experiment> Experiments => new()
    {
        { "paper", new Experiment() },
        { "robust", new Experiment { Grid = [new GridEntry { Lambda = [0.1], Profile = [Profiles.Robust] }] } },
        { "every-setting", new Experiment { Training = EverySetting } },
        { "neutral-settings", new Experiment { Training = NeutralSettings } },
        { "no-augmentation", new Experiment { Grid = [new GridEntry { Lambda = [0], Augmentation = ["none"], Seed = [9] }] } },
        { "noise-only", new Experiment { Grid = [new GridEntry { Augmentation = ["noise"] }] } },
        { "trained-convolutions", new Experiment { Encoder = new EncoderSettings { Preset = "tiny", Freeze = "none" } } },
        { "bfloat16", new Experiment { Compute = new ComputeSettings { Precision = "bfloat16", RowsAtOnce = 0 } } },
        { "cuda", new Experiment { Compute = new ComputeSettings { Device = "cuda" } } },
        { "rows-at-once", new Experiment { Compute = new ComputeSettings { RowsAtOnce = 8 } } },
        { "weights", new Experiment { Encoder = new EncoderSettings { Weights = "w.safetensors" } } },
        { "weights-of-arm", new Experiment { Training = EverySetting, Grid = [new GridEntry { Encoder = [Published] }] } },
        { "baseline", new Experiment { Encoder = new EncoderSettings { Preset = EncoderSettings.Mfcc } } },
        { "projection", new Experiment { Projection = BothProjections } },
        { "projection-pca", new Experiment { Projection = new ProjectionSettings { Methods = [ProjectionSettings.Pca] } } },
    };

    [Theory]
    [MemberData(nameof(Experiments))]
    public void Specifications_are_what_they_were(string name, Experiment experiment)
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "specifications.txt"));
        var expected = lines.Where(line => line.StartsWith($"{name} ", StringComparison.Ordinal));
        Assert.Equal(expected, SpecificationLines(name, experiment, recordings: null));
    }

    [Theory]
    [InlineData("mixed")]
    [InlineData("noise")]
    [InlineData("reverberation")]
    [InlineData("none")]
    public void The_specification_names_the_recordings_that_its_augmentation_uses(string augmentation)
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "specifications.txt"));
        string name = $"recordings-{augmentation}";
        var expected = lines.Where(line => line.StartsWith($"{name} ", StringComparison.Ordinal));
        var experiment = new Experiment { Grid = [new GridEntry { Augmentation = [augmentation] }] };
        var recordings = RecordingSet.Create([new RecordedFile("a.wav", "aa"), new RecordedFile("b.wav", "bb")]);
        Assert.Equal(expected, SpecificationLines(name, experiment, recordings));
    }

    [Fact]
    public void A_stored_specification_of_FineTune_is_read_without_loss()
    {
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "specifications.txt"));
        string[] stored = [.. lines.Where(line => line.Contains(" FineTune ")).Select(line => line[line.IndexOf('{')..])];
        Assert.Equal(19, stored.Length);
        Assert.Equal(stored, stored.Select(ReadAndWrite));
    }

    private static string ReadAndWrite(string json)
    {
        var stored = JsonNode.Parse(json)!.AsObject();
        var written = BaselineSpec.IsOfBaseline(stored)
            ? SpecJson.ToNode(SpecJson.Read<BaselineSpec>(stored))
            : SpecJson.ToNode(SpecJson.Read<FineTuneSpec>(stored));
        return CanonicalJson.Write(written);
    }

    // One line for each stage that the experiment needs, for its last arm.
    private static IEnumerable<string> SpecificationLines(string name, Experiment experiment, RecordingSet? recordings)
    {
        var corpus = new Corpus("csv", "made-up", "digest", ["angry", "sad"], [], [], new Dictionary<string, int>());
        var fold = new Fold(1, ["a"], ["b"], ["c"], [], [], []);
        var weights = new WeightsInput("w.safetensors", "sha", EncoderConfig.Preset("base"), NormalizeInput: true);
        var plan = new PlanContext(experiment, corpus, [fold], new Dictionary<string, WeightsInput> { ["w.safetensors"] = weights }, 2)
        {
            Noises = recordings,
            Responses = recordings,
        };
        var arm = experiment.Arms()[^1];
        return Pipeline.Stages
            .Where(stage => stage.IsNeededBy(experiment))
            .Select(stage => $"{name} {stage.Name} {CanonicalJson.Write(stage.CreateSpec(plan, arm, fold))}");
    }
}
