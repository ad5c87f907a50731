using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ser.Stages;

/// <summary>How specifications and small artifacts become JSON.</summary>
public static class SpecJson
{
    /// <summary>camelCase, nulls left out.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>A specification's JSON.</summary>
    public static JsonObject Of<T>(T spec) => JsonSerializer.SerializeToNode(spec, Options)!.AsObject();

    /// <summary>A specification from its JSON.</summary>
    public static T Read<T>(JsonObject spec) => spec.Deserialize<T>(Options)!;

    /// <summary>Writes a small artifact.</summary>
    public static void WriteFile<T>(string path, T value) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(value, Options));

    /// <summary>Reads a small artifact.</summary>
    public static T ReadFile<T>(string path) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Options)!;
}

/// <summary>What decides the bits of a job besides the method.</summary>
/// <param name="Threads">Of libtorch.</param>
/// <param name="Precision">Of products in training: float32 or bfloat16.</param>
/// <param name="Device">cpu or cuda.</param>
/// <param name="RowsAtOnce">Rows of a step whose activations are held at once; null: all.</param>
public sealed record ComputeSpec(int Threads, string Precision, string Device, int? RowsAtOnce = null)
{
    /// <summary>Of the baseline, whatever the experiment says: it is small, and so its results are the same on any number of cores.</summary>
    public static ComputeSpec Baseline { get; } = new(1, "float64", "cpu");

    /// <summary>From an experiment, threads resolved.</summary>
    public static ComputeSpec Of(PlanContext plan, Domain.Experiments.Arm arm) => Of(plan.Experiment, plan.Threads, arm);

    /// <summary>As <see cref="Of(PlanContext, Domain.Experiments.Arm)"/>, from what a sweep is stored as.</summary>
    public static ComputeSpec Of(Domain.Experiments.Experiment experiment, int threads, Domain.Experiments.Arm arm) =>
        experiment.EncoderOf(arm).IsBaseline ? Baseline : new(threads, "float32", experiment.Compute.Device);

    /// <summary>Of a stage that trains: embedding is float32 always, so its results do not depend on the rest.</summary>
    public static ComputeSpec OfTraining(PlanContext plan, Domain.Experiments.Arm arm) =>
        Of(plan, arm) with { Precision = plan.Experiment.Compute.Precision, RowsAtOnce = plan.Experiment.Compute.RowsAtOnce is > 0 and var rows ? rows : null };
}

/// <summary>Speakers on the sides of a fold, as far as a stage depends on them.</summary>
public sealed record FoldSpec(IReadOnlyList<string> Train, IReadOnlyList<string> Validation, IReadOnlyList<string>? Test = null);
