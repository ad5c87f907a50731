using System.Text.Json.Nodes;

namespace Ser.Domain.Jobs;

/// <summary>What a worker that has a free slot asks for.</summary>
/// <param name="Worker">Who asks.</param>
/// <param name="Stages">Stages that it can run.</param>
/// <param name="Sweep">Only jobs of this sweep; null: of any.</param>
public sealed record ClaimRequest(string Worker, IReadOnlyList<string> Stages, string? Sweep = null)
{
    /// <summary>What the worker has; null: all that jobs may need.</summary>
    public WorkerAbility? Can { get; init; }

    /// <summary>Digests of corpora and weights that it has at hand: jobs that read them come first, where nothing else decides.</summary>
    public IReadOnlyList<string> Holds { get; init; } = [];

    /// <summary>Whether no other worker is there: then it also takes at once what has just failed on it.</summary>
    public bool Alone { get; init; } = true;

    /// <summary>The worker's name without its slot.</summary>
    public string WorkerName => Worker.LastIndexOf('/') is > 0 and var slash ? Worker[..slash] : Worker;
}

/// <summary>The right to run a job, fenced by the attempt.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Attempt">The number that nobody else has or will have.</param>
/// <param name="Worker">Who holds it.</param>
public sealed record Lease(string JobId, int Attempt, string Worker);

/// <summary>A claimed job with all that its run needs.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="Title">For people.</param>
/// <param name="Spec">Its specification.</param>
/// <param name="Parents">The accepted results of its parents.</param>
public sealed record ClaimedJob(Lease Lease, string Stage, string Title, JsonObject Spec, IReadOnlyList<AcceptedResult> Parents)
{
    /// <summary>The epoch after which it parks; null: it runs to its end.</summary>
    public int? PauseAfter { get; init; }
}

/// <summary>A result that the holder of a lease, or whoever held it, has published.</summary>
/// <param name="Lease">The attempt that made it.</param>
/// <param name="ManifestDigest">SHA-256 of its manifest's bytes, lower-case hex.</param>
public sealed record PublishedResult(Lease Lease, string ManifestDigest);

/// <summary>An accepted result: the only one that dependants and tables read.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="Attempt">The attempt that made it.</param>
/// <param name="ManifestDigest">SHA-256 of its manifest's bytes, lower-case hex.</param>
public sealed record AcceptedResult(string JobId, string Stage, int Attempt, string ManifestDigest);

/// <summary>A result that an attempt has published and that nobody has looked at yet.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="Attempt">The attempt that made it.</param>
/// <param name="ManifestDigest">SHA-256 of its manifest's bytes, lower-case hex.</param>
public sealed record OfferedResult(string JobId, string Stage, int Attempt, string ManifestDigest);
