namespace Ser.Domain.Experiments;

/// <summary>
/// Named sets of default training settings. A setting that is null in the experiment takes its value from the arm's profile; one that
/// is given overrides every profile.
/// </summary>
public static class Profiles
{
    /// <summary>The paper's training: SGD with a constant initial rate, no masking, no early stopping.</summary>
    public const string Paper = "paper";

    /// <summary>The usual fine-tuning of wav2vec 2.0: AdamW with warm-up, SpecAugment and early stopping.</summary>
    public const string Robust = "robust";

    /// <summary>Names of all profiles.</summary>
    public static IReadOnlyList<string> All { get; } = [Paper, Robust];

    /// <summary>
    /// Fills in the defaults of a profile. Only <see cref="TrainingSettings.HeadLearningRate"/> may stay null, which means the
    /// encoder's rate.
    /// </summary>
    /// <exception cref="InputException">There is no such profile.</exception>
    public static TrainingSettings Resolve(TrainingSettings given, string profile) => profile switch
    {
        Paper => given with
        {
            Optimizer = given.Optimizer ?? "sgd",
            LearningRate = given.LearningRate ?? 1e-4,
            WeightDecay = given.WeightDecay ?? 0,
            Schedule = given.Schedule ?? "plateau",
            WarmupEpochs = given.WarmupEpochs ?? 0,
            EarlyStop = given.EarlyStop ?? 0,
            Masking = given.Masking ?? "none",
        },
        Robust => given with
        {
            Optimizer = given.Optimizer ?? "adamw",
            LearningRate = given.LearningRate ?? 1e-5,
            HeadLearningRate = given.HeadLearningRate ?? 1e-4,
            WeightDecay = given.WeightDecay ?? 0.01,
            Schedule = given.Schedule ?? "constant",
            WarmupEpochs = given.WarmupEpochs ?? 2,
            EarlyStop = given.EarlyStop ?? 10,
            Masking = given.Masking ?? "specaugment",
        },
        _ => throw new InputException($"there is no profile '{profile}': give one of {string.Join(", ", All)}"),
    };
}
