namespace Ser.Domain.Experiments;

/// <summary>Named sets of training settings. A setting that an experiment gives counts in every profile; one that it leaves null is the profile's.</summary>
public static class Profiles
{
    /// <summary>SGD at one rate, no masking, every epoch: as the paper trains.</summary>
    public const string Paper = "paper";

    /// <summary>AdamW with warm-up, SpecAugment and early stop: what wav2vec 2.0 is commonly fine-tuned with.</summary>
    public const string Robust = "robust";

    /// <summary>Every profile by name.</summary>
    public static IReadOnlyList<string> All { get; } = [Paper, Robust];

    /// <summary>The settings with nothing left to the profile but <see cref="TrainingSettings.HeadLearningRate"/>, whose null means the encoder's rate.</summary>
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
        _ => throw new InputException($"there is no profile '{profile}': it should be one of {string.Join(", ", All)}"),
    };
}
