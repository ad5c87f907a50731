using System.Text.Json.Serialization;

namespace Ser.Domain.Experiments;

/// <summary>An experiment: a corpus, an encoder and a grid of configurations. Defaults are those of the paper.</summary>
public sealed record Experiment
{
    /// <summary>Name of the sweep.</summary>
    public string Name { get; init; } = "experiment";

    /// <summary>The corpus: KIND or KIND:PATH, with KIND one of iemocap, emodb, csv, synthetic.</summary>
    public CorpusReference Corpus { get; init; } = new("synthetic", null);

    /// <summary>Classes and their corpus labels, in the order of the confusion matrix; null for the paper's four classes.</summary>
    public IReadOnlyList<ClassLabels>? Classes { get; init; }

    /// <summary>Maximum number of folds. If there are more speakers, they are grouped.</summary>
    public int Folds { get; init; } = 10;

    /// <summary>The pre-trained encoder.</summary>
    public EncoderSettings Encoder { get; init; } = new();

    /// <summary>Cross products of settings. The grid is their union, in order.</summary>
    public IReadOnlyList<GridEntry> Grid { get; init; } = [new GridEntry()];

    /// <summary>Recordings that augmentations use.</summary>
    public AugmentationSettings Augmentation { get; init; } = new();

    /// <summary>Settings of the fine-tuning.</summary>
    public TrainingSettings Training { get; init; } = new();

    /// <summary>Settings of the nearest-neighbour retrieval.</summary>
    public RetrievalSettings Retrieval { get; init; } = new();

    /// <summary>Two-dimensional projections of the embeddings.</summary>
    public ProjectionSettings Projection { get; init; } = new();

    /// <summary>Settings that affect the exact bits of a result, but not the method.</summary>
    public ComputeSettings Compute { get; init; } = new();

    /// <summary>Scheduling policy and needs of its jobs on shared workers.</summary>
    public SharingSettings Farm { get; init; } = new();

    /// <summary>Successive halving: early stopping of the worse arms of the grid.</summary>
    public HalvingSettings Halving { get; init; } = new();

    /// <summary>
    /// Returns every configuration of the grid, in order, without repeats. The baseline has no settings, so it is a single arm.
    /// </summary>
    public IReadOnlyList<Arm> Arms()
    {
        var arms = Grid.SelectMany(entry => entry.Arms(Encoder));
        return [.. arms.DistinctBy(arm => EncoderOf(arm).IsBaseline ? null : arm)];
    }

    /// <summary>Returns the encoder of an arm.</summary>
    public EncoderSettings EncoderOf(Arm arm) => arm.Encoder ?? Encoder;

    /// <summary>Returns an arm's fine-tuning settings, with the defaults of its profile filled in.</summary>
    public TrainingSettings TrainingOf(Arm arm) => Profiles.Resolve(Training, arm.Profile);
}

/// <summary>Kind and path of a corpus.</summary>
public sealed record CorpusReference(string Kind, string? Path)
{
    /// <inheritdoc/>
    public override string ToString() => Path is null ? Kind : $"{Kind}:{Path}";
}

/// <summary>A class and the corpus labels that belong to it.</summary>
public sealed record ClassLabels(string Class, IReadOnlyList<string> Labels);

/// <summary>A cross product of the grid.</summary>
public sealed record GridEntry
{
    /// <summary>Weights of the contrastive loss in eq. 2, each in [0, 1].</summary>
    public IReadOnlyList<double> Lambda { get; init; } = [0, 0.1];

    /// <summary>
    /// Augmentations: none, noise, volume, reverberation, pitch, shift, mixed, or several joined by +, such as noise+shift.
    /// </summary>
    public IReadOnlyList<string> Augmentation { get; init; } = ["mixed"];

    /// <summary>Seeds. Each seed is a separate arm.</summary>
    public IReadOnlyList<long> Seed { get; init; } = [1];

    /// <summary>Profiles of the fine-tuning.</summary>
    public IReadOnlyList<string> Profile { get; init; } = [Profiles.Paper];

    /// <summary>Encoders; null for the experiment's encoder.</summary>
    public IReadOnlyList<EncoderSettings>? Encoder { get; init; }

    internal IEnumerable<Arm> Arms(EncoderSettings defaultEncoder) =>
        from encoder in Encoder ?? [defaultEncoder]
        from profile in Profile
        from augmentation in Augmentation
        from seed in Seed
        from lambda in Lambda
        select encoder.IsBaseline
            ? new Arm(0, "none", Seed[0]) { Encoder = encoder }
            : new Arm(lambda, augmentation, seed) { Profile = profile, Encoder = encoder == defaultEncoder ? null : encoder };
}

/// <summary>A configuration of a sweep.</summary>
/// <param name="Lambda">Weight of the contrastive loss in eq. 2.</param>
/// <param name="Augmentation">Augmentation of each utterance's second view.</param>
/// <param name="Seed">Seed of all random numbers.</param>
public sealed record Arm(double Lambda, string Augmentation, long Seed)
{
    /// <summary>Profile of the fine-tuning.</summary>
    public string Profile { get; init; } = Profiles.Paper;

    /// <summary>The encoder, if it differs from the experiment's or is the baseline; otherwise null.</summary>
    public EncoderSettings? Encoder { get; init; }

    /// <summary>Whether this is the classical baseline.</summary>
    [JsonIgnore]
    public bool IsBaseline => Encoder is { IsBaseline: true };

    /// <summary>Whether the arm uses an augmentation. "mixed" uses all of them.</summary>
    public bool Augments(string augmentation) => Augmentation == "mixed" || Augmentation.Split('+').Contains(augmentation);

    /// <summary>Name for display and for the `arm` field of results.</summary>
    public string Name => NameWithSeeds(FormattableString.Invariant($"seed {Seed}"));

    /// <summary>Returns <see cref="Name"/> with <paramref name="seeds"/> in place of the seed.</summary>
    public string NameWithSeeds(string seeds)
    {
        if (IsBaseline)
        {
            return EncoderSettings.Mfcc;
        }

        string encoder = Encoder is null ? "" : Encoder.Name + " ";
        string profile = Profile == Profiles.Paper ? "" : Profile + " ";
        return FormattableString.Invariant($"{encoder}λ={Lambda} {Augmentation} {profile}{seeds}");
    }
}
