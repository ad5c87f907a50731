using System.Text.Json.Nodes;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;

namespace Ser.Stages.FineTune;

/// <summary>Fine-tunes the encoder with a linear classifier on a fold's training speakers; keeps the epoch that is best on its validation speakers. For the preset mfcc it trains the classical baseline.</summary>
public sealed class FineTuneStage : IStage
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = "FineTune";

    /// <inheritdoc/>
    public string Name => StageName;

    /// <inheritdoc/>
    public int Revision => 2;

    /// <inheritdoc/>
    public IReadOnlyList<string> After => [];

    /// <inheritdoc/>
    public bool RunsEncoder => true;

    /// <inheritdoc/>
    public bool Trains => true;

    /// <inheritdoc/>
    public JsonObject Spec(PlanContext plan, Arm arm, Fold fold)
    {
        if (plan.Experiment.EncoderOf(arm).IsBaseline)
        {
            return SpecJson.Of(BaselineSpec.Of(plan, fold));
        }

        var training = plan.Experiment.TrainingOf(arm);
        var weights = plan.WeightsOf(arm);
        return SpecJson.Of(new FineTuneSpec
        {
            Corpus = plan.Corpus.Digest,
            Fold = new FoldSpec(fold.TrainSpeakers, fold.ValidationSpeakers),
            Preset = weights is null ? plan.Experiment.EncoderOf(arm).Preset : null,
            Weights = weights is null ? null : new WeightsSpec(weights.Digest, weights.Architecture.DeepClone().AsObject(), weights.NormalizeInput),
            Dropout = training.Dropout,
            Recordings = Recordings(plan, arm),
            MaxSeconds = training.MaxSeconds,
            Training = Training(plan, arm, training),
            Compute = ComputeSpec.OfTraining(plan, arm),
        });
    }

    // Only what the arm's augmentation draws from: other recordings must not train it again.
    private static RecordingsSpec? Recordings(PlanContext plan, Arm arm)
    {
        string? noises = arm.Augments("noise") ? plan.Noises?.Digest : null;
        string? responses = arm.Augments("reverberation") ? plan.Responses?.Digest : null;
        return noises is null && responses is null ? null : new RecordingsSpec(noises, responses);
    }

    private static readonly string[] Neutral = ["warmupEpochs", "earlyStop", "masking", "projectionHead"];

    // The names of an experiment file and of FineTuneOptions are the same, so settings pass through as they stand.
    private static JsonObject Training(PlanContext plan, Arm arm, TrainingSettings settings)
    {
        var training = SpecJson.Of(settings);
        foreach (string elsewhere in (string[])["checkpointEvery", "maxSeconds", "dropout"])
        {
            training.Remove(elsewhere);
        }

        // Keys that came later are left out where they change nothing, so that results from before them stay.
        foreach (string neutral in Neutral.Where(key => training[key] is { } value && value.ToJsonString() is "0" or "\"none\"").ToArray())
        {
            training.Remove(neutral);
        }

        training["lambda"] = arm.Lambda;
        training["augmentation"] = arm.Augmentation;
        training["seed"] = arm.Seed;
        training["classes"] = plan.Corpus.Classes.Count;
        training["freeze"] = plan.Experiment.EncoderOf(arm).Freeze;
        return training;
    }
}
