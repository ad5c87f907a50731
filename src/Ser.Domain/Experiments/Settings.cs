using System.Text.Json.Serialization;

namespace Ser.Domain.Experiments;

/// <summary>The encoder: published weights, or a preset architecture that is initialised from the arm's seed.</summary>
public sealed record EncoderSettings
{
    /// <summary>
    /// The baseline preset: MFCC statistics with a classical classifier in place of an encoder. λ, augmentation, profile and seed do
    /// not apply to it, so it is a single arm.
    /// </summary>
    public const string Mfcc = "mfcc";

    /// <summary>tiny, base, large or mfcc. Ignored if <see cref="Weights"/> are given, which determine the architecture.</summary>
    public string Preset { get; init; } = "base";

    /// <summary>A checkpoint file; null to initialise the preset from the seed.</summary>
    public string? Weights { get; init; }

    /// <summary>
    /// convolution: the convolutional feature encoder is not trained and always runs without padding. none: all layers are trained.
    /// </summary>
    public string Freeze { get; init; } = "convolution";

    /// <summary>Whether this is the baseline <see cref="Mfcc"/>. Weights override the preset.</summary>
    [JsonIgnore]
    public bool IsBaseline => Preset == Mfcc && Weights is null;

    /// <summary>Name for display: the file name of the weights, or the preset.</summary>
    [JsonIgnore]
    public string Name => Weights is { } weights ? Path.GetFileName(weights) : Preset;
}

/// <summary>Recordings that replace synthetic sounds in augmentations.</summary>
public sealed record AugmentationSettings
{
    /// <summary>Noise recordings: files, or folders of .wav and .flac files; null for white and pink noise.</summary>
    public IReadOnlyList<string>? NoiseFiles { get; init; }

    /// <summary>Impulse responses for reverberation: files or folders as above; null for synthetic ones.</summary>
    public IReadOnlyList<string>? ResponseFiles { get; init; }
}

/// <summary>Fine-tuning of one fold of one arm. A setting that is null takes its value from the arm's profile.</summary>
public sealed record TrainingSettings
{
    /// <summary>Maximum number of epochs.</summary>
    public int Epochs { get; init; } = 150;

    /// <summary>Number of utterances per step, each with one augmented view.</summary>
    public int Batch { get; init; } = 12;

    /// <summary>sgd or adamw; null for the profile's.</summary>
    public string? Optimizer { get; init; }

    /// <summary>
    /// Learning rate of the encoder, and of the classifier unless <see cref="HeadLearningRate"/> is set; null for the profile's.
    /// </summary>
    public double? LearningRate { get; init; }

    /// <summary>Learning rate of the classifier; null for the profile's, or else the encoder's.</summary>
    public double? HeadLearningRate { get; init; }

    /// <summary>Momentum of sgd.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Decoupled weight decay of adamw; null for the profile's.</summary>
    public double? WeightDecay { get; init; }

    /// <summary>plateau, one-cycle or constant; null for the profile's.</summary>
    public string? Schedule { get; init; }

    /// <summary>Epochs over which the rate rises from zero; null for the profile's.</summary>
    public double? WarmupEpochs { get; init; }

    /// <summary>Epochs without improvement after which training stops; 0 for never; null for the profile's.</summary>
    public int? EarlyStop { get; init; }

    /// <summary>none or specaugment (spans of projected features are masked); null for the profile's.</summary>
    public string? Masking { get; init; }

    /// <summary>
    /// Number of outputs of a projection head, on which eq. 1 is computed; 0 for no head, so that eq. 1 is computed on the representation.
    /// </summary>
    public int ProjectionHead { get; init; }

    /// <summary>Epochs without a lower validation loss after which the learning rate is reduced (plateau).</summary>
    public int Patience { get; init; } = 20;

    /// <summary>Factor by which the learning rate is multiplied (plateau).</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>τ of eq. 1.</summary>
    public double Temperature { get; init; } = 0.07;

    /// <summary>Reduction of eq. 1 over anchors: mean-valid, mean-all or sum.</summary>
    public string Reduction { get; init; } = "mean-valid";

    /// <summary>Whether the representation x is L2-normalised for eq. 1.</summary>
    public bool Normalize { get; init; } = true;

    /// <summary>Views on which the cross-entropy is computed: both or originals.</summary>
    public string CrossEntropy { get; init; } = "both";

    /// <summary>Which epoch's weights are kept: last, or best by validation UA (ties: the lower loss, then the earlier epoch).</summary>
    public string Keep { get; init; } = "best";

    /// <summary>Seconds after which utterances are cut off.</summary>
    public double MaxSeconds { get; init; } = 7.5;

    /// <summary>Dropout of the encoder; null for the value in the configuration of the checkpoint or preset.</summary>
    public double? Dropout { get; init; }

    /// <summary>Seconds between checkpoints. Does not affect the result.</summary>
    public double CheckpointEvery { get; init; } = 60;
}

/// <summary>Nearest-neighbour retrieval: eq. 3 and 4.</summary>
public sealed record RetrievalSettings
{
    /// <summary>Values of k to try, ascending, each from 1 to 32.</summary>
    public IReadOnlyList<int> K { get; init; } = [.. Enumerable.Range(1, 32)];

    /// <summary>Values of α to try; null for the exact optimum over the open interval (0, 1).</summary>
    public IReadOnlyList<double>? Alpha { get; init; }

    /// <summary>Weightings of the votes: uniform, softmax-d or softmax-d2.</summary>
    public IReadOnlyList<string> Weighting { get; init; } = ["uniform"];
}

/// <summary>Two-dimensional projections of the embeddings. Tables do not depend on them.</summary>
public sealed record ProjectionSettings
{
    /// <summary>The method principal component analysis.</summary>
    public const string Pca = "pca";

    /// <summary>The method t-SNE.</summary>
    public const string Tsne = "tsne";

    /// <summary>Methods to use: pca, tsne, or both; empty for no projection.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    /// <summary>Perplexity of t-SNE: its effective number of neighbours.</summary>
    public double Perplexity { get; init; } = 30;

    /// <summary>Number of gradient descent iterations of t-SNE.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>The perplexity that a number of rows allows: at most a third of the other rows, and at least 1.</summary>
    /// <exception cref="ArgumentException">The perplexity is below 1 or not finite.</exception>
    public static double UsablePerplexity(double perplexity, int rows) => perplexity < 1 || !double.IsFinite(perplexity)
        ? throw new ArgumentException($"a perplexity of {perplexity} is not possible: it is a number of neighbours, at least 1")
        : Math.Min(perplexity, Math.Max(1, (rows - 1) / 3.0));
}

/// <summary>Settings that affect the exact bits of a result, but not the method.</summary>
public sealed record ComputeSettings
{
    /// <summary>Number of threads of a job; 0 for one per core, resolved at submission.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Precision of matrix products in training: float32, bfloat16 or auto (bfloat16 on devices that are faster with it, resolved at
    /// submission). Embeddings are always computed in float32.
    /// </summary>
    public string Precision { get; init; } = "float32";

    /// <summary>cpu, cuda or auto (cuda if available, resolved at submission).</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>
    /// Number of rows of a step whose activations are in memory at the same time. Fewer rows need less memory and up to a third more time;
    /// results differ only by rounding. 0 for all rows; null for as many as fit into 8 GiB with this encoder, or all on CUDA.
    /// </summary>
    public int? RowsAtOnce { get; init; }
}
