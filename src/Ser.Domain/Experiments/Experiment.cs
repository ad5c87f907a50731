using System.Text.Json.Serialization;

namespace Ser.Domain.Experiments;

/// <summary>A lab's question: a corpus, an encoder, a grid. Defaults are the paper's.</summary>
public sealed record Experiment
{
    /// <summary>Name of the sweep.</summary>
    public string Name { get; init; } = "experiment";

    /// <summary>KIND or KIND:PATH, with KIND one of iemocap, emodb, csv, synthetic.</summary>
    public CorpusReference Corpus { get; init; } = new("synthetic", null);

    /// <summary>Class name to corpus labels, in the order of the confusion matrix; null: the paper's four by the corpus's own names.</summary>
    public IReadOnlyList<ClassLabels>? Classes { get; init; }

    /// <summary>Most folds that are made; more speakers are put into groups.</summary>
    public int Folds { get; init; } = 10;

    /// <summary>The pre-trained encoder.</summary>
    public EncoderSettings Encoder { get; init; } = new();

    /// <summary>Cross products, united in order.</summary>
    public IReadOnlyList<GridEntry> Grid { get; init; } = [new GridEntry()];

    /// <summary>What augmentations draw from.</summary>
    public AugmentationSettings Augmentation { get; init; } = new();

    /// <summary>How a fold is fine-tuned.</summary>
    public TrainingSettings Training { get; init; } = new();

    /// <summary>How neighbours are searched and votes are chosen.</summary>
    public RetrievalSettings Retrieval { get; init; } = new();

    /// <summary>Pictures of the embeddings.</summary>
    public ProjectionSettings Projection { get; init; } = new();

    /// <summary>What decides the bits besides the method.</summary>
    public ComputeSettings Compute { get; init; } = new();

    /// <summary>How it shares a farm with others.</summary>
    public SharingSettings Farm { get; init; } = new();

    /// <summary>Early stopping across the grid.</summary>
    public HalvingSettings Halving { get; init; } = new();

    /// <summary>Every trained configuration of the grid, in order, without repeats. The baseline is one whatever seed or freezing stands beside it.</summary>
    public IReadOnlyList<Arm> Arms() => [.. Grid.SelectMany(entry => entry.Arms(Encoder)).DistinctBy(arm => EncoderOf(arm).IsBaseline ? null : arm)];

    /// <summary>The encoder of an arm.</summary>
    public EncoderSettings EncoderOf(Arm arm) => arm.Encoder ?? Encoder;

    /// <summary>Settings of an arm's fine-tuning, nothing left to its profile.</summary>
    public TrainingSettings TrainingOf(Arm arm) => Profiles.Resolve(Training, arm.Profile);
}

/// <summary>Where a corpus is.</summary>
public sealed record CorpusReference(string Kind, string? Path)
{
    /// <inheritdoc/>
    public override string ToString() => Path is null ? Kind : $"{Kind}:{Path}";
}

/// <summary>One class and the corpus labels that it takes.</summary>
public sealed record ClassLabels(string Class, IReadOnlyList<string> Labels);

/// <summary>A cross product of the grid.</summary>
public sealed record GridEntry
{
    /// <summary>Weights of the contrastive loss in eq. 2, each in [0, 1].</summary>
    public IReadOnlyList<double> Lambda { get; init; } = [0, 0.1];

    /// <summary>none, noise, volume, reverberation, pitch, shift or mixed; several joined, as noise+shift.</summary>
    public IReadOnlyList<string> Augmentation { get; init; } = ["mixed"];

    /// <summary>Seeds; each is an arm of its own.</summary>
    public IReadOnlyList<long> Seed { get; init; } = [1];

    /// <summary>Profiles of the fine-tuning.</summary>
    public IReadOnlyList<string> Profile { get; init; } = [Profiles.Paper];

    /// <summary>Encoders; null: the experiment's.</summary>
    public IReadOnlyList<EncoderSettings>? Encoder { get; init; }

    internal IEnumerable<Arm> Arms(EncoderSettings usual) =>
        from encoder in Encoder ?? [usual]
        from profile in Profile
        from augmentation in Augmentation
        from seed in Seed
        from lambda in Lambda
        select encoder.IsBaseline
            ? new Arm(0, "none", Seed[0]) { Encoder = encoder }
            : new Arm(lambda, augmentation, seed) { Profile = profile, Encoder = encoder == usual ? null : encoder };
}

/// <summary>One trained configuration of a sweep.</summary>
/// <param name="Lambda">Weight of the contrastive loss in eq. 2.</param>
/// <param name="Augmentation">Augmentation of the second view.</param>
/// <param name="Seed">Seed of everything random.</param>
public sealed record Arm(double Lambda, string Augmentation, long Seed)
{
    /// <summary>Profile of the fine-tuning.</summary>
    public string Profile { get; init; } = Profiles.Paper;

    /// <summary>The encoder where it is not the experiment's, or the baseline.</summary>
    public EncoderSettings? Encoder { get; init; }

    /// <summary>Whether it is the classical baseline.</summary>
    [JsonIgnore]
    public bool IsBaseline => Encoder is { IsBaseline: true };

    /// <summary>Whether views may have one of the paper's four augmentations; mixed draws among all of them.</summary>
    public bool Augments(string by) => Augmentation == "mixed" || Augmentation.Split('+').Contains(by);

    /// <summary>For people and for the `arm` field of results.</summary>
    public string Name => NameOver(FormattableString.Invariant($"seed {Seed}"));

    /// <summary>As <see cref="Name"/>, with other words for the seed.</summary>
    public string NameOver(string seeds)
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
