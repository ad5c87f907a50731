using Ser.Domain;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using YamlDotNet.RepresentationModel;

namespace Ser.Storage.Experiments;

/// <summary>Every key of an experiment file, with its valid values.</summary>
internal static class ExperimentKeys
{
    private static readonly string[] Combinable = ["noise", "volume", "reverberation", "pitch", "shift"];

    private static readonly YamlSection<EncoderSettings> Encoder = new("encoder")
    {
        { "preset", (e, v) => e with { Preset = v.ReadOneOf("tiny", "base", "large", EncoderSettings.Mfcc) } },
        { "weights", (e, v) => e with { Weights = v.IsNull ? null : v.ReadString() } },
        { "freeze", (e, v) => e with { Freeze = v.ReadOneOf("convolution", "none") } },
    };

    private static readonly YamlSection<GridEntry> GridEntry = new("grid")
    {
        { "lambda", (g, v) => g with { Lambda = v.ReadList(item => item.ReadNumber(x => x is >= 0 and <= 1, "from 0 to 1")) } },
        { "augmentation", (g, v) => g with { Augmentation = v.ReadList(Augmentation) } },
        { "seed", (g, v) => g with { Seed = v.ReadList(item => item.ReadInteger(0)) } },
        { "profile", (g, v) => g with { Profile = v.ReadList(item => item.ReadOneOf([.. Profiles.All])) } },
        { "encoder", (g, v) => g with { Encoder = v.IsNull ? null : v.ReadList(item => Encoder.Apply(new EncoderSettings(), item)) } },
    };

    private static readonly YamlSection<AugmentationSettings> AugmentationSection = new("augmentation")
    {
        { "noiseFiles", (a, v) => a with { NoiseFiles = v.IsNull ? null : v.ReadList(item => item.ReadString()) } },
        { "responseFiles", (a, v) => a with { ResponseFiles = v.IsNull ? null : v.ReadList(item => item.ReadString()) } },
    };

    private static readonly YamlSection<TrainingSettings> Training = new("training")
    {
        { "epochs", (t, v) => t with { Epochs = (int)v.ReadInteger(1, 100_000) } },
        { "batch", (t, v) => t with { Batch = (int)v.ReadInteger(2, 4096) } },
        { "optimizer", (t, v) => t with { Optimizer = v.IsNull ? null : v.ReadOneOf("sgd", "adamw") } },
        { "learningRate", (t, v) => t with { LearningRate = v.IsNull ? null : Positive(v) } },
        { "headLearningRate", (t, v) => t with { HeadLearningRate = v.IsNull ? null : Positive(v) } },
        { "momentum", (t, v) => t with { Momentum = ShareBelowOne(v) } },
        { "weightDecay", (t, v) => t with { WeightDecay = v.IsNull ? null : v.ReadNumber(x => x >= 0, "of at least 0") } },
        { "schedule", (t, v) => t with { Schedule = v.IsNull ? null : v.ReadOneOf("plateau", "one-cycle", "constant") } },
        { "warmupEpochs", (t, v) => t with { WarmupEpochs = v.IsNull ? null : v.ReadNumber(x => x >= 0, "of epochs of at least 0") } },
        { "earlyStop", (t, v) => t with { EarlyStop = v.IsNull ? null : (int)v.ReadInteger(0, 100_000) } },
        { "masking", (t, v) => t with { Masking = v.IsNull ? null : v.ReadOneOf("none", "specaugment") } },
        { "projectionHead", (t, v) => t with { ProjectionHead = (int)v.ReadInteger(0, 65_536) } },
        { "patience", (t, v) => t with { Patience = (int)v.ReadInteger(0, 100_000) } },
        { "factor", (t, v) => t with { Factor = v.ReadNumber(x => x is > 0 and < 1, "above 0 and below 1") } },
        { "temperature", (t, v) => t with { Temperature = Positive(v) } },
        { "reduction", (t, v) => t with { Reduction = v.ReadOneOf("mean-valid", "mean-all", "sum") } },
        { "normalize", (t, v) => t with { Normalize = v.ReadBoolean() } },
        { "crossEntropy", (t, v) => t with { CrossEntropy = v.ReadOneOf("both", "originals") } },
        { "keep", (t, v) => t with { Keep = v.ReadOneOf("best", "last") } },
        { "maxSeconds", (t, v) => t with { MaxSeconds = v.ReadNumber(x => x is >= 0.1 and <= 3600, "of seconds from 0.1 to 3600") } },
        { "dropout", (t, v) => t with { Dropout = v.IsNull ? null : ShareBelowOne(v) } },
        {
            "checkpointEvery",
            (t, v) => t with { CheckpointEvery = v.ReadNumber(HintLimits.IsCheckpointEvery, HintLimits.CheckpointEveryText) }
        },
    };

    private static readonly YamlSection<RetrievalSettings> Retrieval = new("retrieval")
    {
        { "k", (r, v) => r with { K = [.. v.ReadList(Range).SelectMany(range => range).Distinct().Order()] } },
        { "alpha", (r, v) => r with { Alpha = Alphas(v) } },
        { "weighting", (r, v) => r with { Weighting = [.. v.ReadList(Weighting).Distinct()] } },
    };

    private static readonly YamlSection<ProjectionSettings> Projection = new("projection")
    {
        { "methods", (p, v) => p with { Methods = Methods(v) } },
        { "perplexity", (p, v) => p with { Perplexity = v.ReadNumber(x => x is >= 2 and <= 1000, "from 2 to 1000") } },
        { "iterations", (p, v) => p with { Iterations = (int)v.ReadInteger(10, 100_000) } },
    };

    private static readonly YamlSection<ComputeSettings> Compute = new("compute")
    {
        { "threads", (c, v) => c with { Threads = (int)v.ReadInteger(0, 1024) } },
        { "precision", (c, v) => c with { Precision = v.ReadOneOf("float32", "bfloat16", "auto") } },
        { "device", (c, v) => c with { Device = v.ReadOneOf("cpu", "cuda", "auto") } },
        { "rowsAtOnce", (c, v) => c with { RowsAtOnce = ReadRowsAtOnce(v) } },
    };

    private static readonly YamlSection<SharingSettings> Farm = new("farm")
    {
        { "priority", (f, v) => f with { Priority = (int)v.ReadInteger(HintLimits.MinPriority, HintLimits.MaxPriority) } },
        { "weight", (f, v) => f with { Weight = v.ReadNumber(HintLimits.IsWeight, HintLimits.WeightText) } },
        { "memoryGiB", (f, v) => f with { MemoryGiB = v.ReadNumber(HintLimits.IsMemoryGiB, HintLimits.MemoryGiBText) } },
        { "labels", (f, v) => f with { Labels = Labels(v) } },
        { "maxAttempts", (f, v) => f with { MaxAttempts = (int)v.ReadInteger(HintLimits.MinAttempts, HintLimits.MaxAttempts) } },
        { "stallAfter", (f, v) => f with { StallAfter = v.ReadNumber(HintLimits.IsStallAfter, HintLimits.StallAfterText) } },
        { "keepWeights", (f, v) => f with { KeepWeights = v.ReadBoolean() } },
    };

    private static readonly YamlSection<HalvingSettings> Halving = new("halving")
    {
        { "epochs", (h, v) => h with { Epochs = HalvingEpochs(v) } },
        { "keep", (h, v) => h with { Keep = v.ReadNumber(x => x is > 0 and < 1, "above 0 and below 1") } },
    };

    private static readonly YamlSection<Experiment> Root = new("")
    {
        { "name", (e, v) => e with { Name = Name(v) } },
        { "corpus", (e, v) => e with { Corpus = Corpus(v) } },
        { "classes", (e, v) => e with { Classes = v.IsNull ? null : ClassesKey.Parse(v.Source.HasLines ? null : e.Classes, v) } },
        { "folds", (e, v) => e with { Folds = (int)v.ReadInteger(3, 10_000) } },
        { "encoder", (e, v) => e with { Encoder = Encoder.Apply(e.Encoder, v) } },
        { "grid", (e, v) => e with { Grid = Grid(e.Grid, v) } },
        { "augmentation", (e, v) => e with { Augmentation = AugmentationFiles(e.Augmentation, v) } },
        { "training", (e, v) => e with { Training = Training.Apply(e.Training, v) } },
        { "retrieval", (e, v) => e with { Retrieval = Retrieval.Apply(e.Retrieval, v) } },
        { "projection", (e, v) => e with { Projection = Projection.Apply(e.Projection, v) } },
        { "compute", (e, v) => e with { Compute = Compute.Apply(e.Compute, v) } },
        { "halving", (e, v) => e with { Halving = Halving.Apply(e.Halving, v) } },
        { "farm", (e, v) => e with { Farm = Farm.Apply(e.Farm, v) } },
    };

    internal static IReadOnlyList<string> AllKeys { get; } =
    [
        .. Root.Where(key => key is "name" or "corpus" or "classes" or "folds"),
        .. Encoder,
        .. GridEntry,
        .. AugmentationSection,
        .. Training,
        .. Retrieval,
        .. Projection,
        .. Compute,
        .. Halving,
        .. Farm,
    ];

    internal static Experiment Apply(Experiment start, YamlValue document) => Root.Apply(start, document);

    // The entries of a file start from the defaults; --set grid.lambda=... changes every existing entry.
    private static IReadOnlyList<GridEntry> Grid(IReadOnlyList<GridEntry> before, YamlValue value) =>
        value.Node is YamlMappingNode && !value.Source.HasLines
            ? ApplyToAll(before, value)
            : value.ReadList(entry => GridEntry.Apply(new GridEntry(), entry));

    private static IReadOnlyList<GridEntry> ApplyToAll(IReadOnlyList<GridEntry> before, YamlValue value)
    {
        int problems = value.Source.Problems.Count;
        var after = new List<GridEntry>();
        foreach (var entry in before)
        {
            after.Add(GridEntry.Apply(entry, value));
            if (value.Source.Problems.Count > problems)
            {
                break; // The same problem would be reported again for each entry.
            }
        }

        return after;
    }

    private static string Name(YamlValue value)
    {
        string name = value.ReadString();
        return name.Length <= 100 && name.Trim() == name && !name.Any(c => char.IsControl(c) || c is '/' or '\\')
            ? name
            : throw value.Invalid("it should be at most 100 characters without slashes, line breaks or surrounding spaces");
    }

    private static CorpusReference Corpus(YamlValue value)
    {
        try
        {
            return CorpusKinds.Parse(value.ReadString());
        }
        catch (InputException invalid)
        {
            throw new YamlValueException(value.Node, "corpus is " + invalid.Message.TrimEnd('.'));
        }
    }

    // Several augmentations are joined by '+', such as noise+shift.
    private static string Augmentation(YamlValue value)
    {
        string[] parts = value.ReadString().Split('+');
        bool isCombination = parts.Length > 1 && parts.Distinct().Count() == parts.Length && parts.All(Combinable.Contains);
        return isCombination ? value.ReadString() : value.ReadOneOf(["none", .. Combinable, "mixed"]);
    }

    private static AugmentationSettings AugmentationFiles(AugmentationSettings before, YamlValue value) => value.Node is YamlMappingNode
        ? AugmentationSection.Apply(before, value)
        : throw value.Invalid("it should be a mapping with keys out of noiseFiles, responseFiles; "
            + "the augmentations to try are listed in grid.augmentation");

    private static bool IsEmptyList(YamlValue value) => value.Node is YamlSequenceNode { Children.Count: 0 };

    private static IReadOnlyList<double>? Alphas(YamlValue value) => value.Node is YamlScalarNode { Value: "exact" }
        ? null
        : [.. value.ReadList(Alpha).Distinct().Order()];

    private static IReadOnlyList<string> Labels(YamlValue value) =>
        IsEmptyList(value) ? [] : [.. value.ReadList(Label).Distinct()];

    private static IReadOnlyList<int> HalvingEpochs(YamlValue value) =>
        IsEmptyList(value) ? [] : [.. value.ReadList(item => (int)item.ReadInteger(1, HintLimits.MaxRung)).Distinct().Order()];

    // Unlike most lists this one may be empty: then nothing is projected.
    private static IReadOnlyList<string> Methods(YamlValue value) => IsEmptyList(value)
        ? []
        : [.. value.ReadList(item => item.ReadOneOf(ProjectionSettings.Pca, ProjectionSettings.Tsne)).Distinct()];

    private static string Label(YamlValue value)
    {
        string text = value.ReadString();
        return text.Length <= 60 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            ? text
            : throw value.Invalid("a label has at most 60 letters, digits and . _ -");
    }

    private static double Positive(YamlValue value) => value.ReadNumber(x => x > 0, "above 0");

    private static double ShareBelowOne(YamlValue value) => value.ReadNumber(x => x is >= 0 and < 1, "from 0 to below 1");

    private static string Weighting(YamlValue value) => value.ReadOneOf("uniform", "softmax-d", "softmax-d2");

    private static double Alpha(YamlValue value) =>
        value.ReadNumber(x => x is > 0 and < 1, "above 0 and below 1, or a list of such numbers, or 'exact'");

    // Null stands for auto.
    private static int? ReadRowsAtOnce(YamlValue value) =>
        value.Node is YamlScalarNode { Value: "auto" } ? null : (int)value.ReadInteger(0, 100_000);

    private static IEnumerable<int> Range(YamlValue value)
    {
        if (value.Node is YamlScalarNode { Value: { } text } && text.Split("..") is [var first, var last])
        {
            int from = (int)(value with { Node = new YamlScalarNode(first.Trim()) }).EndOfRange(value, 1, 32);
            int to = (int)(value with { Node = new YamlScalarNode(last.Trim()) }).EndOfRange(value, 1, 32);
            return from <= to ? Enumerable.Range(from, to - from + 1) : throw value.Invalid("a range goes upward, such as 1..32");
        }

        return [(int)value.ReadInteger(1, 32)];
    }

    // The ends of a range have no position of their own in the file, so errors are reported for the whole range.
    private static long EndOfRange(this YamlValue end, YamlValue range, long smallest, long largest)
    {
        try
        {
            return end.ReadInteger(smallest, largest);
        }
        catch (YamlValueException)
        {
            throw range.Invalid($"it should be a range within {smallest}..{largest}, a list, or one number");
        }
    }
}
