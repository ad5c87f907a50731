using System.Text.Json.Nodes;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;
using Ser.Stages.FineTune;

namespace Ser.Stages.BuildDatastore;

/// <summary>Embeds every utterance of a fold once with the fine-tuned model: the keys and values of eq. 3, and p_model of eq. 4.</summary>
public sealed class BuildDatastoreStage : IStage
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = "BuildDatastore";

    /// <inheritdoc/>
    public string Name => StageName;

    /// <inheritdoc/>
    public int Revision => 1;

    /// <inheritdoc/>
    public IReadOnlyList<string> Parents => [FineTuneStage.StageName];

    /// <inheritdoc/>
    public bool RunsEncoder => true;

    /// <inheritdoc/>
    public JsonObject CreateSpec(PlanContext plan, Arm arm, Fold fold) => SpecJson.ToNode(new BuildDatastoreSpec(
        plan.Corpus.Digest, new FoldSpec(fold.TrainSpeakers, fold.ValidationSpeakers, fold.TestSpeakers), ComputeSpec.ForArm(plan, arm)));
}

/// <summary>Everything besides the model that decides a datastore. It is part of the job's hash.</summary>
public sealed record BuildDatastoreSpec(string Corpus, FoldSpec Fold, ComputeSpec Compute);
