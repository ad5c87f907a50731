using System.Text.Json.Serialization;

namespace Ser.Domain.Experiments;

/// <summary>
/// Options of fine-tuning one fold of one arm. Names and values are those of an experiment file. They are a part of the job's
/// specification, and so of its id: an option that was added later is left out at its neutral value, and earlier ids stay valid.
/// </summary>
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
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double WarmupEpochs { get; init; }

    /// <summary>Training ends after so many epochs without improvement; 0: never.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int EarlyStop { get; init; }

    /// <summary>specaugment, or null for no masking.</summary>
    public string? Masking { get; init; }

    /// <summary>Number of outputs of the projection head for eq. 1; 0: no projection head.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ProjectionHead { get; init; }

    /// <summary>
    /// float32 or bfloat16: the data type of products in training. Validation always uses float32. A specification has it in its compute
    /// settings.
    /// </summary>
    [JsonIgnore]
    public string Precision { get; init; } = "float32";

    /// <summary>
    /// Number of rows whose activations are in memory at once; 0: the whole batch. A specification has it in its compute settings.
    /// </summary>
    [JsonIgnore]
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

    /// <summary>The options of an arm.</summary>
    /// <param name="experiment">The experiment, whose training settings are completed by the arm's profile.</param>
    /// <param name="arm">The arm.</param>
    /// <param name="classes">Number of classes.</param>
    public static FineTuneOptions ForArm(Experiment experiment, Arm arm, int classes)
    {
        var training = experiment.TrainingOf(arm);
        return new FineTuneOptions
        {
            Lambda = arm.Lambda,
            Augmentation = arm.Augmentation,
            Seed = arm.Seed,
            Classes = classes,
            Freeze = experiment.EncoderOf(arm).Freeze,
            Epochs = training.Epochs,
            Batch = training.Batch,
            Optimizer = training.Optimizer!,
            LearningRate = training.LearningRate!.Value,
            HeadLearningRate = training.HeadLearningRate,
            Momentum = training.Momentum,
            WeightDecay = training.WeightDecay!.Value,
            Schedule = training.Schedule!,
            Patience = training.Patience,
            Factor = training.Factor,
            WarmupEpochs = training.WarmupEpochs!.Value,
            EarlyStop = training.EarlyStop!.Value,
            Masking = training.Masking == "none" ? null : training.Masking,
            ProjectionHead = training.ProjectionHead,
            Temperature = training.Temperature,
            Reduction = training.Reduction,
            Normalize = training.Normalize,
            CrossEntropy = training.CrossEntropy,
            Keep = training.Keep,
        };
    }
}
