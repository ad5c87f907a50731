using System.Text.Json.Nodes;
using Ser.Domain.Experiments;
using Ser.Domain.Folds;
using Ser.Domain.Jobs;
using Ser.Stages.BuildDatastore;

namespace Ser.Stages.Project;

/// <summary>
/// Projects the embeddings of a fold into the plane (the paper's figure 4). No table needs it, so it is planned only where an experiment
/// names a method.
/// </summary>
public sealed class ProjectStage : IStage
{
    /// <summary>Name of the stage.</summary>
    public const string StageName = "Project";

    /// <inheritdoc/>
    public string Name => StageName;

    /// <inheritdoc/>
    public int Revision => 1;

    /// <inheritdoc/>
    public IReadOnlyList<string> Parents => [BuildDatastoreStage.StageName];

    /// <inheritdoc/>
    public bool IsNeededBy(Experiment experiment) => experiment.Projection.Methods.Count > 0;

    /// <inheritdoc/>
    public JsonObject CreateSpec(PlanContext plan, Arm arm, Fold fold)
    {
        var settings = plan.Experiment.Projection;
        bool tsne = settings.Methods.Contains(ProjectionSettings.Tsne);
        return SpecJson.ToNode(new ProjectSpec(
            fold.Number,
            [.. settings.Methods.Distinct().Order(StringComparer.Ordinal)],
            tsne ? settings.Perplexity : null,
            tsne ? settings.Iterations : null,
            tsne ? arm.Seed : null,
            ComputeSpec.ForArm(plan, arm)));
    }
}

/// <summary>
/// Everything besides the datastore that decides a projection; the settings of t-SNE are null without t-SNE. It is part of the job's hash.
/// </summary>
public sealed record ProjectSpec(
    int Number, IReadOnlyList<string> Methods, double? Perplexity, int? Iterations, long? Seed, ComputeSpec Compute);
