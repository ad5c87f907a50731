using System.Text.Json.Nodes;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;

namespace Ser.Stages.FineTune;

/// <summary>
/// Fine-tunes the encoder with a linear classifier on a fold's training speakers and keeps the epoch that is best on its validation
/// speakers. For the preset mfcc it trains the classical baseline.
/// </summary>
public sealed class FineTuneStage : IStage
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = "FineTune";

    /// <inheritdoc/>
    public string Name => StageName;

    /// <inheritdoc/>
    public int Revision => 2;

    /// <inheritdoc/>
    public IReadOnlyList<string> Parents => [];

    /// <inheritdoc/>
    public bool RunsEncoder => true;

    /// <inheritdoc/>
    public bool Trains => true;

    /// <inheritdoc/>
    public JsonObject CreateSpec(PlanContext plan, Arm arm, Fold fold)
    {
        if (plan.Experiment.EncoderOf(arm).IsBaseline)
        {
            return SpecJson.ToNode(BaselineSpec.Create(plan, fold));
        }

        var training = plan.Experiment.TrainingOf(arm);
        var weights = plan.WeightsOf(arm);
        var weightsSpec = weights is null
            ? null
            : new WeightsSpec(weights.Digest, weights.Architecture, weights.NormalizeInput);
        return SpecJson.ToNode(new FineTuneSpec
        {
            Corpus = plan.Corpus.Digest,
            Fold = new FoldSpec(fold.TrainSpeakers, fold.ValidationSpeakers),
            Preset = weights is null ? plan.Experiment.EncoderOf(arm).Preset : null,
            Weights = weightsSpec,
            Dropout = training.Dropout,
            Recordings = Recordings(plan, arm),
            MaxSeconds = training.MaxSeconds,
            Training = FineTuneOptions.ForArm(plan.Experiment, arm, plan.Corpus.Classes.Count),
            Compute = ComputeSpec.ForTraining(plan, arm),
        });
    }

    // Only the recordings that the arm's augmentation draws from, so that a change of others does not train it again.
    private static RecordingsSpec? Recordings(PlanContext plan, Arm arm)
    {
        string? noises = arm.Augments("noise") ? plan.Noises?.Digest : null;
        string? responses = arm.Augments("reverberation") ? plan.Responses?.Digest : null;
        return noises is null && responses is null ? null : new RecordingsSpec(noises, responses);
    }
}
