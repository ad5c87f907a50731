using System.Text.Json.Nodes;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;
using Ser.Stages.BuildDatastore;

namespace Ser.Stages.Evaluate;

/// <summary>Finds the nearest stored rows of every validation and test query of a fold: enough to compute any k, α and selection.</summary>
public sealed class EvaluateStage : IStage
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = "Evaluate";

    /// <summary>Number of neighbours of a query: the largest k.</summary>
    public const int Neighbours = 32;

    /// <inheritdoc/>
    public string Name => StageName;

    /// <inheritdoc/>
    public int Revision => 1;

    /// <inheritdoc/>
    public IReadOnlyList<string> Parents => [BuildDatastoreStage.StageName];

    /// <inheritdoc/>
    public JsonObject CreateSpec(PlanContext plan, Arm arm, Fold fold)
    {
        var speakers = new FoldSpec(fold.TrainSpeakers, fold.ValidationSpeakers, fold.TestSpeakers);
        return SpecJson.ToNode(new EvaluateSpec(plan.Corpus.Digest, fold.Number, speakers, Neighbours, ComputeSpec.ForArm(plan, arm)));
    }
}

/// <summary>Everything besides the datastore that decides an evaluation. It is part of the job's hash.</summary>
public sealed record EvaluateSpec(string Corpus, int Number, FoldSpec Fold, int Neighbours, ComputeSpec Compute);
