using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ser.Domain.Jobs;

/// <summary>
/// The part of a specification that does not determine the result: settings for scheduler, worker and stage runner. Hints are left out
/// of job ids.
/// </summary>
public sealed record JobHints
{
    /// <summary>Name of the specification's member that holds the hints.</summary>
    public const string Key = "hints";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Name of the arm.</summary>
    public string? Arm { get; init; }

    /// <summary>Number of the fold, from 1.</summary>
    public int Fold { get; init; }

    /// <summary>Trace context (W3C traceparent) of the job's first submission; null if it was not traced.</summary>
    public string? Trace { get; init; }

    /// <summary>Seconds between checkpoints.</summary>
    public double CheckpointEvery { get; init; } = 60;

    /// <summary>Seconds without a step after which an attempt counts as stalled.</summary>
    public double StallAfter { get; init; } = 600;

    /// <summary>Number of faults after which the job fails.</summary>
    public int MaxAttempts { get; init; } = JobTransitions.MaxAttempts;

    /// <summary>Epochs after which successive halving compares the arms, ascending; empty if it is not used.</summary>
    public IReadOnlyList<int> Rungs { get; init; } = [];

    /// <summary>What the job needs of its worker; null for nothing in particular.</summary>
    public JobNeeds? Needs { get; init; }

    /// <summary>Digests of the corpus and the weights that the job reads. Workers that have them cached are preferred.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>Reads the hints of a specification. Missing hints have their defaults.</summary>
    /// <exception cref="InputException">The hints are invalid.</exception>
    public static JobHints FromSpec(JsonObject spec)
    {
        try
        {
            var hints = spec[Key]?.Deserialize<JobHints>(Options) ?? new JobHints();
            return HintLimits.FindProblem(hints) is { } problem ? throw new InputException($"{Key}: {problem}") : hints;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new InputException($"{Key}: {wrong.Message}", wrong);
        }
    }

    /// <summary>Reads the hints of a specification for a use in which invalid ones do no harm: they have their defaults.</summary>
    public static JobHints FromSpecOrDefault(JsonObject spec) => FindProblem(spec) is null ? FromSpec(spec) : new JobHints();

    /// <summary>Describes what is invalid in the hints of a specification, or returns null.</summary>
    public static string? FindProblem(JsonObject spec)
    {
        try
        {
            FromSpec(spec);
            return null;
        }
        catch (InputException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>Returns the job with this trace context in its hints; the job itself if <paramref name="trace"/> is null.</summary>
    public static PlannedJob WithTrace(PlannedJob job, string? trace)
    {
        if (trace is null)
        {
            return job;
        }

        var spec = job.Spec.DeepClone().AsObject();
        spec[Key] = (FromSpec(spec) with { Trace = trace }).ToJson();
        return job with { Spec = spec };
    }

    /// <summary>Writes the hints as they are stored in a specification.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, Options)!.AsObject();
}
