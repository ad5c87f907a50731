using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain.Experiments;

namespace Ser.Stages;

/// <summary>A sweep as it was submitted: enough to compute its tables from accepted results, whatever the code plans later.</summary>
/// <param name="Experiment">With every default.</param>
/// <param name="Corpus">Digest of the corpus.</param>
/// <param name="WeightsDigests">Digests of the weights files of all arms.</param>
/// <param name="Threads">Threads of a job.</param>
/// <param name="Folds">Every fold of every arm, with the ids of its jobs by stage.</param>
public sealed record SweepDefinition(JsonObject Experiment, string Corpus, IReadOnlyList<string>? WeightsDigests, int Threads, IReadOnlyList<DefinedFold> Folds)
{
    /// <summary>The definition of a plan.</summary>
    public static SweepDefinition Of(PlanContext plan, IReadOnlyList<FoldJobs> jobs) => new(
        ExperimentJson.ToNode(plan.Experiment),
        plan.Corpus.Digest,
        [.. plan.Weights.Values.Select(weights => weights.Digest).Distinct()],
        plan.Threads,
        [.. jobs.Select(fold => new DefinedFold(fold.Arm, fold.Fold.Number, fold.Jobs.ToDictionary(job => job.Key, job => job.Value.Id)))]);

    /// <summary>As the job store keeps it.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, SpecJson.Options);

    /// <summary>From what the job store keeps.</summary>
    public static SweepDefinition Parse(string json) => JsonSerializer.Deserialize<SweepDefinition>(json, SpecJson.Options)!;
}

/// <summary>One fold of one arm of a sweep.</summary>
public sealed record DefinedFold(Arm Arm, int Fold, IReadOnlyDictionary<string, string> Jobs);
