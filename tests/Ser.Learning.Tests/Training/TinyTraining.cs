using Ser.Domain.Experiments;
using Ser.Learning.Training;

namespace Ser.Learning.Tests.Training;

/// <summary>Options with which a tiny model learns two classes of tones, and a run without checkpoints or progress.</summary>
internal static class TinyTraining
{
    internal static FineTuneOptions Options { get; } = new()
    {
        Lambda = 0.1,
        Augmentation = "noise",
        Seed = 1,
        Classes = 2,
        Freeze = "convolution",
        Epochs = 3,
        Batch = 4,
        Optimizer = "sgd",
        LearningRate = 1e-3,
        Momentum = 0.9,
        Schedule = "constant",
        Patience = 0,
        Factor = 0.1,
        Temperature = 0.07,
        Reduction = "mean-valid",
        Normalize = true,
        CrossEntropy = "both",
        Keep = "best",
    };

    internal static FineTuneHooks NoHooks { get; } = new() { IsCheckpointDue = () => false, SaveCheckpoint = _ => { }, Report = _ => { } };
}

/// <summary>
/// Two classes that a tiny model tells apart within seconds: a low tone and a high one.
/// Lengths differ, so that padding and masks are tested too.
/// </summary>
internal static class ToneUtterances
{
    internal static List<TrainingUtterance> Create(int first, int count) => [.. Enumerable.Range(first, count).Select(Utterance)];

    private static TrainingUtterance Utterance(int i)
    {
        double hertz = i % 2 == 0 ? 200 : 900;
        int samples = 3200 + (160 * (i % 5));
        return new TrainingUtterance(i, Tone(hertz, samples, i), i % 2);
    }

    private static float[] Tone(double hertz, int samples, int phase) =>
        [.. Enumerable.Range(0, samples).Select(n => (float)(1.4 * Math.Sin((2 * Math.PI * hertz * n / 16000) + phase)))];
}
