namespace Ser.Learning.Training;

/// <summary>How one fold of one arm is fine-tuned. Names and values are those of an experiment file.</summary>
public sealed record FineTuneOptions
{
    /// <summary>λ of eq. 2.</summary>
    public required double Lambda { get; init; }

    /// <summary>Augmentation of the second view; none: there is no second view.</summary>
    public required string Augmentation { get; init; }

    /// <summary>Seed of everything random.</summary>
    public required long Seed { get; init; }

    /// <summary>Number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>convolution or none: what of the encoder is not trained.</summary>
    public required string Freeze { get; init; }

    /// <summary>At most so many epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>Utterances a step; each brings its view along.</summary>
    public required int Batch { get; init; }

    /// <summary>sgd or adamw.</summary>
    public required string Optimizer { get; init; }

    /// <summary>Learning rate of the encoder.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Learning rate of the classifier; null: the encoder's.</summary>
    public double? HeadLearningRate { get; init; }

    /// <summary>Of sgd.</summary>
    public double Momentum { get; init; }

    /// <summary>Of adamw.</summary>
    public double WeightDecay { get; init; }

    /// <summary>plateau, one-cycle or constant.</summary>
    public required string Schedule { get; init; }

    /// <summary>Of plateau, in epochs.</summary>
    public int Patience { get; init; }

    /// <summary>Of plateau.</summary>
    public double Factor { get; init; }

    /// <summary>Epochs over which the rate rises from zero.</summary>
    public double WarmupEpochs { get; init; }

    /// <summary>Epochs without a better one after which training ends; 0: never.</summary>
    public int EarlyStop { get; init; }

    /// <summary>none or specaugment.</summary>
    public string Masking { get; init; } = "none";

    /// <summary>Outputs of the projection head for eq. 1; 0: there is none.</summary>
    public int ProjectionHead { get; init; }

    /// <summary>float32 or bfloat16: the type of products in training. Validation is float32 always.</summary>
    public string Precision { get; init; } = "float32";

    /// <summary>Rows whose activations are held at once; 0: all of the batch.</summary>
    public int RowsAtOnce { get; init; }

    /// <summary>τ of eq. 1.</summary>
    public required double Temperature { get; init; }

    /// <summary>mean-valid, mean-all or sum.</summary>
    public required string Reduction { get; init; }

    /// <summary>Whether x is L2-normalised for eq. 1.</summary>
    public required bool Normalize { get; init; }

    /// <summary>both or originals: the rows of the cross-entropy.</summary>
    public required string CrossEntropy { get; init; }

    /// <summary>best or last: the epoch whose weights are kept.</summary>
    public required string Keep { get; init; }

    internal Encoder.Precision TypeOfProducts => Precision switch
    {
        "float32" => Encoder.Precision.Float32,
        "bfloat16" => Encoder.Precision.BFloat16,
        _ => throw new ArgumentException($"there is no precision '{Precision}': float32 or bfloat16"),
    };

    internal Reduction ReductionOfEq1 => Reduction switch
    {
        "mean-valid" => Training.Reduction.MeanValid,
        "mean-all" => Training.Reduction.MeanAll,
        "sum" => Training.Reduction.Sum,
        _ => throw new ArgumentException($"there is no reduction '{Reduction}': mean-valid, mean-all or sum"),
    };
}
