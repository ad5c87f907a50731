using System.Text.Json.Nodes;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;

namespace Ser.Stages.FineTune;

/// <summary>
/// The specification of the classical baseline. Settings that it does not use, such as epochs, rates, seed and threads, are left out, so
/// that changing them does not train it again.
/// </summary>
public sealed record BaselineSpec
{
    // Raised by hand when the baseline's numbers change. The revision of the stage would discard the results of every other arm too.
    private const int Revision = 1;

    /// <summary>Digest of the corpus.</summary>
    public required string Corpus { get; init; }

    /// <summary>Training and validation speakers.</summary>
    public required FoldSpec Fold { get; init; }

    /// <summary>Always <see cref="EncoderSettings.Mfcc"/>.</summary>
    public required string Preset { get; init; }

    /// <summary>Length in seconds to which utterances are cut.</summary>
    public required double MaxSeconds { get; init; }

    /// <summary>Settings of the method.</summary>
    public required BaselineOptions Training { get; init; }

    /// <summary>Settings of the machine that decide the bits of the result.</summary>
    public required ComputeSpec Compute { get; init; }

    /// <summary>Whether the specification of a FineTune job is one of the baseline, and not a <see cref="FineTuneSpec"/>.</summary>
    public static bool IsOfBaseline(JsonObject spec) => (string?)spec["preset"] == EncoderSettings.Mfcc;

    internal static BaselineSpec Create(PlanContext plan, Fold fold) => new()
    {
        Corpus = plan.Corpus.Digest,
        Fold = new FoldSpec(fold.TrainSpeakers, fold.ValidationSpeakers),
        Preset = EncoderSettings.Mfcc,
        MaxSeconds = plan.Experiment.Training.MaxSeconds,
        Training = new BaselineOptions(Revision, plan.Corpus.Classes.Count),
        Compute = ComputeSpec.Baseline,
    };
}

/// <summary>Settings of the baseline.</summary>
/// <param name="Baseline">Revision of the baseline's numbers.</param>
/// <param name="Classes">Number of classes.</param>
public sealed record BaselineOptions(int Baseline, int Classes);
