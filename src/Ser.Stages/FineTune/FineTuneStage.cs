using System.Text.Json.Nodes;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;

namespace Ser.Stages.FineTune;

/// <summary>Fine-tunes the encoder with a linear classifier on a fold's training speakers; keeps the epoch that is best on its validation speakers.</summary>
public sealed class FineTuneStage : IStage
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = "FineTune";

    /// <inheritdoc/>
    public string Name => StageName;

    /// <inheritdoc/>
    public int Revision => 1;

    /// <inheritdoc/>
    public IReadOnlyList<string> After => [];

    /// <inheritdoc/>
    public JsonObject Spec(PlanContext plan, Arm arm, Fold fold)
    {
        var training = plan.Experiment.Training;
        var encoder = plan.Experiment.Encoder;
        return SpecJson.Of(new FineTuneSpec
        {
            Corpus = plan.Corpus.Digest,
            Fold = new FoldSpec(fold.TrainSpeakers, fold.ValidationSpeakers),
            Preset = plan.Weights is null ? encoder.Preset : null,
            Weights = plan.Weights is null ? null : new WeightsSpec(plan.Weights.Digest, plan.Weights.Architecture.DeepClone().AsObject(), plan.Weights.NormalizeInput),
            Dropout = training.Dropout,
            MaxSeconds = training.MaxSeconds,
            Training = Training(plan, arm),
            Compute = ComputeSpec.Of(plan),
        });
    }

    // The names of an experiment file and of FineTuneOptions are the same, so settings pass through as they stand.
    private static JsonObject Training(PlanContext plan, Arm arm)
    {
        var training = SpecJson.Of(plan.Experiment.Training);
        foreach (string elsewhere in (string[])["checkpointEvery", "maxSeconds", "dropout"])
        {
            training.Remove(elsewhere);
        }

        training["lambda"] = arm.Lambda;
        training["augmentation"] = arm.Augmentation;
        training["seed"] = arm.Seed;
        training["classes"] = plan.Corpus.Classes.Count;
        training["freeze"] = plan.Experiment.Encoder.Freeze;
        return training;
    }

    /// <inheritdoc/>
    public IStageRunner Runner() => new FineTuneRunner();
}
