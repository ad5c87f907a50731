using System.Text.Json.Serialization;

namespace Ser.Domain.Experiments;

/// <summary>The encoder: a preset drawn from the arm's seed, or published weights.</summary>
public sealed record EncoderSettings
{
    /// <summary>The preset that is no encoder: MFCC statistics with a classical classifier. λ, augmentation, profile and seed mean nothing to it, so it is one arm.</summary>
    public const string Mfcc = "mfcc";

    /// <summary>tiny, base, large or mfcc. Ignored where <see cref="Weights"/> say their own architecture.</summary>
    public string Preset { get; init; } = "base";

    /// <summary>A checkpoint file; null draws the preset from the seed.</summary>
    public string? Weights { get; init; }

    /// <summary>convolution: the convolutional feature encoder is not trained and always run without padding; none: all is trained.</summary>
    public string Freeze { get; init; } = "convolution";

    /// <summary>Whether it is <see cref="Mfcc"/>: weights, where they are given, say their own architecture.</summary>
    [JsonIgnore]
    public bool IsBaseline => Preset == Mfcc && Weights is null;

    /// <summary>For people: the file without its folder, or the preset.</summary>
    [JsonIgnore]
    public string Name => Weights is { } weights ? Path.GetFileName(weights) : Preset;
}

/// <summary>Recordings in place of synthetic sounds, for the arms whose augmentation has them.</summary>
public sealed record AugmentationSettings
{
    /// <summary>Files, or folders of .wav and .flac files, that noise draws from; null: white and pink noise.</summary>
    public IReadOnlyList<string>? NoiseFiles { get; init; }

    /// <summary>Impulse responses that reverberation draws from; null: synthetic ones.</summary>
    public IReadOnlyList<string>? ResponseFiles { get; init; }
}

/// <summary>How one fold of one arm is fine-tuned.</summary>
public sealed record TrainingSettings
{
    /// <summary>At most so many passes over the training speakers.</summary>
    public int Epochs { get; init; } = 150;

    /// <summary>Utterances a step; each brings an augmented view along.</summary>
    public int Batch { get; init; } = 12;

    /// <summary>sgd or adamw; null: as the profile says.</summary>
    public string? Optimizer { get; init; }

    /// <summary>Learning rate of encoder and, unless <see cref="HeadLearningRate"/> says otherwise, classifier; null: as the profile says.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Learning rate of the classifier; null: as the profile says, or else as the encoder.</summary>
    public double? HeadLearningRate { get; init; }

    /// <summary>Momentum of sgd.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Decoupled weight decay of adamw; null: as the profile says.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>plateau, one-cycle or constant; null: as the profile says.</summary>
    public string? Schedule { get; init; }

    /// <summary>Epochs over which the rate rises from zero; null: as the profile says.</summary>
    public double? WarmupEpochs { get; init; }

    /// <summary>Epochs without a better one after which training ends; 0: never; null: as the profile says.</summary>
    public int? EarlyStop { get; init; }

    /// <summary>none or specaugment (spans of projected features are masked); null: as the profile says.</summary>
    public string? Masking { get; init; }

    /// <summary>Outputs of a projection head on whose output eq. 1 is computed; 0: none, eq. 1 is computed on the representation itself.</summary>
    public int ProjectionHead { get; init; }

    /// <summary>Epochs without a lower validation loss before the rate falls (plateau).</summary>
    public int Patience { get; init; } = 20;

    /// <summary>What the rate is multiplied by when it falls (plateau).</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>τ of eq. 1.</summary>
    public double Temperature { get; init; } = 0.07;

    /// <summary>Reduction of eq. 1 over anchors: mean-valid, mean-all or sum.</summary>
    public string Reduction { get; init; } = "mean-valid";

    /// <summary>Whether x is L2-normalised for eq. 1.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>Rows of the cross-entropy: both views, or originals.</summary>
    public string CrossEntropy { get; init; } = "both";

    /// <summary>Which epoch's weights are kept: best (validation UA; on a tie the lower loss, then the earlier) or last.</summary>
    public string Keep { get; init; } = "best";

    /// <summary>Seconds of an utterance that are kept.</summary>
    public double MaxSeconds { get; init; } = 7.5;

    /// <summary>Dropout of the encoder; null: as the checkpoint's or preset's configuration says.</summary>
    public double? Dropout { get; init; }

    /// <summary>Seconds between checkpoints. Does not decide the result.</summary>
    public double CheckpointEvery { get; init; } = 60;
}

/// <summary>How neighbours vote.</summary>
public sealed record RetrievalSettings
{
    /// <summary>Every k that is tried, ascending, each from 1 to 32.</summary>
    public IReadOnlyList<int> K { get; init; } = [.. Enumerable.Range(1, 32)];

    /// <summary>Every α that is tried; null: the best over the whole open interval (0, 1), found exactly.</summary>
    public IReadOnlyList<double>? Alpha { get; init; }

    /// <summary>uniform, softmax-d or softmax-d2.</summary>
    public IReadOnlyList<string> Weighting { get; init; } = ["uniform"];
}

/// <summary>How embeddings are projected into the plane. No table needs it.</summary>
public sealed record ProjectionSettings
{
    /// <summary>Name of principal components among <see cref="Methods"/>.</summary>
    public const string Pca = "pca";

    /// <summary>Name of t-SNE among <see cref="Methods"/>.</summary>
    public const string Tsne = "tsne";

    /// <summary>pca, tsne; none of them: nothing is projected.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Effective number of neighbours of t-SNE.</summary>
    public double Perplexity { get; init; } = 30;

    /// <summary>Steps of t-SNE.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>The perplexity that a number of rows allows: at most a third of the other rows, and at least 1.</summary>
    /// <exception cref="ArgumentException">The perplexity is below 1 or not finite.</exception>
    public static double UsablePerplexity(double perplexity, int rows) => perplexity < 1 || !double.IsFinite(perplexity)
        ? throw new ArgumentException($"a perplexity of {perplexity} is not possible: it is a number of neighbours, at least 1")
        : Math.Min(perplexity, Math.Max(1, (rows - 1) / 3.0));
}

/// <summary>What decides the bits of a result besides the method.</summary>
public sealed record ComputeSettings
{
    /// <summary>Threads of a job; 0: one for each core, resolved at submission.</summary>
    public int Threads { get; init; }

    /// <summary>Of products in training: float32, bfloat16 or auto (bfloat16 where the device is faster with it, resolved at submission). Embedding is float32 always.</summary>
    public string Precision { get; init; } = "float32";

    /// <summary>cpu, cuda or auto (cuda where there is one, resolved at submission).</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Rows of a step whose activations are held at once: less memory for up to a third more time, the same result but for rounding. 0: all; null: as many as the encoder's shapes let fit into 8 GiB, on CUDA all.</summary>
    public int? RowsAtOnce { get; init; }
}
