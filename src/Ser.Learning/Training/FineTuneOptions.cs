namespace Ser.Learning.Training;

/// <summary>Options of fine-tuning one fold of one arm. Names and values are those of an experiment file.</summary>
public sealed record FineTuneOptions
{
    /// <summary>λ of eq. 2.</summary>
    public required double Lambda { get; init; }

    /// <summary>Augmentation of the second view; none: no second view.</summary>
    public required string Augmentation { get; init; }

    /// <summary>Seed of all random numbers.</summary>
    public required long Seed { get; init; }

    /// <summary>Number of classes.</summary>
    public required int Classes { get; init; }

    /// <summary>convolution or none: the part of the encoder that is not trained.</summary>
    public required string Freeze { get; init; }

    /// <summary>Maximum number of epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>Utterances per step, not counting their views.</summary>
    public required int Batch { get; init; }

    /// <summary>sgd or adamw.</summary>
    public required string Optimizer { get; init; }

    /// <summary>Learning rate of the encoder.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Learning rate of the classifier; null: that of the encoder.</summary>
    public double? HeadLearningRate { get; init; }

    /// <summary>Momentum of sgd.</summary>
    public double Momentum { get; init; }

    /// <summary>Weight decay of adamw.</summary>
    public double WeightDecay { get; init; }

    /// <summary>plateau, one-cycle or constant.</summary>
    public required string Schedule { get; init; }

    /// <summary>Patience of plateau, in epochs.</summary>
    public int Patience { get; init; }

    /// <summary>Factor by which plateau lowers the rate.</summary>
    public double Factor { get; init; }

    /// <summary>Number of epochs in which the rate rises from zero.</summary>
    public double WarmupEpochs { get; init; }

    /// <summary>Training ends after so many epochs without improvement; 0: never.</summary>
    public int EarlyStop { get; init; }

    /// <summary>none or specaugment.</summary>
    public string Masking { get; init; } = "none";

    /// <summary>Number of outputs of the projection head for eq. 1; 0: no projection head.</summary>
    public int ProjectionHead { get; init; }

    /// <summary>float32 or bfloat16: the data type of products in training. Validation always uses float32.</summary>
    public string Precision { get; init; } = "float32";

    /// <summary>Number of rows whose activations are in memory at once; 0: the whole batch.</summary>
    public int RowsAtOnce { get; init; }

    /// <summary>τ of eq. 1.</summary>
    public required double Temperature { get; init; }

    /// <summary>mean-valid, mean-all or sum.</summary>
    public required string Reduction { get; init; }

    /// <summary>Whether x is L2-normalised for eq. 1.</summary>
    public required bool Normalize { get; init; }

    /// <summary>both or originals: the rows that the cross-entropy uses.</summary>
    public required string CrossEntropy { get; init; }

    /// <summary>best or last: the epoch whose weights are kept.</summary>
    public required string Keep { get; init; }

    internal Encoder.Precision ProductPrecision => Precision switch
    {
        "float32" => Encoder.Precision.Float32,
        "bfloat16" => Encoder.Precision.BFloat16,
        _ => throw new ArgumentException($"there is no precision '{Precision}': it should be float32 or bfloat16"),
    };

    internal Reduction ContrastiveReduction => Reduction switch
    {
        "mean-valid" => Training.Reduction.MeanValid,
        "mean-all" => Training.Reduction.MeanAll,
        "sum" => Training.Reduction.Sum,
        _ => throw new ArgumentException($"there is no reduction '{Reduction}': it should be mean-valid, mean-all or sum"),
    };
}
