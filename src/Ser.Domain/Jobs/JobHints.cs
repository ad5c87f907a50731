using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ser.Domain.Jobs;

/// <summary>What a specification says beside what decides the result: runner, worker and store may know it, and no id depends on it.</summary>
public sealed record JobHints
{
    /// <summary>Where a specification has them.</summary>
    public const string Key = "hints";

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Name of the arm.</summary>
    public string? Arm { get; init; }

    /// <summary>Number of the fold, from 1.</summary>
    public int Fold { get; init; }

    /// <summary>The span in which the job was submitted first (W3C traceparent); null: nobody traced it.</summary>
    public string? Trace { get; init; }

    /// <summary>Seconds between checkpoints.</summary>
    public double CheckpointEvery { get; init; } = 60;

    /// <summary>Seconds without a step after which an attempt has stalled.</summary>
    public double StallAfter { get; init; } = 600;

    /// <summary>Faults that end the job.</summary>
    public int MaxAttempts { get; init; } = JobTransitions.MaxAttempts;

    /// <summary>What it needs of a worker.</summary>
    public JobNeeds? Needs { get; init; }

    /// <summary>Digests of the corpus and the weights that it reads: a worker that has them is preferred.</summary>
    public IReadOnlyList<string> Reads { get; init; } = [];

    /// <summary>Of a specification; one without has the defaults.</summary>
    /// <exception cref="InputException">They are not what they should be.</exception>
    public static JobHints Of(JsonObject spec)
    {
        try
        {
            var hints = spec[Key]?.Deserialize<JobHints>(Options) ?? new JobHints();
            return hints.StallAfter > 0 && hints.CheckpointEvery > 0 && hints.MaxAttempts is >= 1 and <= 100 && hints.Reads is not null && hints.Needs is null or { Labels: not null }
                ? hints
                : throw new InputException($"{Key}: checkpointEvery and stallAfter are seconds above 0, maxAttempts is from 1 to 100");
        }
        catch (JsonException wrong)
        {
            throw new InputException($"{Key}: {wrong.Message}", wrong);
        }
    }

    /// <summary>A job whose attempts belong to a span.</summary>
    public static PlannedJob Traced(PlannedJob job, string? trace)
    {
        if (trace is null)
        {
            return job;
        }

        var spec = job.Spec.DeepClone().AsObject();
        spec[Key] = (Of(spec) with { Trace = trace }).ToJson();
        return job with { Spec = spec };
    }

    /// <summary>As a specification has them.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, Options)!.AsObject();
}
