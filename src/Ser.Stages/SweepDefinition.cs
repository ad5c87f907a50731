using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain.Experiments;

namespace Ser.Stages;

/// <summary>
/// A sweep as it was submitted. Its tables can be computed from it and the accepted results, even if later versions plan differently.
/// </summary>
/// <param name="Experiment">The experiment with every default.</param>
/// <param name="Corpus">Digest of the corpus.</param>
/// <param name="WeightsDigests">Digests of the weights files of all arms.</param>
/// <param name="Threads">Threads of a job.</param>
/// <param name="Folds">Every fold of every arm, with the ids of its jobs by stage.</param>
public sealed record SweepDefinition(
    JsonObject Experiment, string Corpus, IReadOnlyList<string>? WeightsDigests, int Threads, IReadOnlyList<DefinedFold> Folds)
{
    /// <summary>The definition of a plan.</summary>
    public static SweepDefinition FromPlan(PlanContext plan, IReadOnlyList<FoldJobs> jobs) => new(
        ExperimentJson.ToNode(plan.Experiment),
        plan.Corpus.Digest,
        [.. plan.Weights.Values.Select(weights => weights.Digest).Distinct()],
        plan.Threads,
        [.. jobs.Select(CreateFold)]);

    /// <summary>Serialises the definition for the job store.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SpecJson.Options);

    /// <summary>Reads a definition from the job store.</summary>
    public static SweepDefinition Parse(string json) => JsonSerializer.Deserialize<SweepDefinition>(json, SpecJson.Options)!;

    private static DefinedFold CreateFold(FoldJobs fold) =>
        new(fold.Arm, fold.Fold.Number, fold.Jobs.ToDictionary(job => job.Key, job => job.Value.Id));
}

/// <summary>One fold of one arm of a sweep, with the ids of its jobs by stage.</summary>
public sealed record DefinedFold(Arm Arm, int Fold, IReadOnlyDictionary<string, string> Jobs);
