using System.Text.Json.Nodes;
using Ser.Domain.Workers;

namespace Ser.Domain.Jobs;

/// <summary>A worker's request for jobs, made when it has a free slot.</summary>
/// <param name="Worker">Name of the worker and its slot, such as "gpu-1/2".</param>
/// <param name="Stages">Stages that the worker can run.</param>
/// <param name="Sweep">Restricts the request to jobs of this sweep; null allows jobs of any sweep.</param>
public sealed record ClaimRequest(string Worker, IReadOnlyList<string> Stages, string? Sweep = null)
{
    /// <summary>Capabilities of the worker; null means that it meets the needs of every job.</summary>
    public WorkerCapabilities? Capabilities { get; init; }

    /// <summary>
    /// Digests of corpora and weights in the worker's cache. Jobs that read them are preferred among otherwise equal ones.
    /// </summary>
    public IReadOnlyList<string> CachedInputs { get; init; } = [];

    /// <summary>Whether this is the only worker. If so, it may retry at once a job that has just failed on it.</summary>
    public bool IsOnlyWorker { get; init; } = true;

    /// <summary>The worker's name without its slot.</summary>
    public string WorkerName => SlotName.Parse(Worker).Worker;
}

/// <summary>The right to run a job for a limited time, fenced by the attempt number.</summary>
/// <param name="JobId">The job.</param>
/// <param name="Attempt">Number of the attempt, unique within the job.</param>
/// <param name="Worker">Name of the worker that holds the lease.</param>
public sealed record Lease(string JobId, int Attempt, string Worker);

/// <summary>A claimed job with everything that is needed to run it.</summary>
/// <param name="Lease">The lease.</param>
/// <param name="Stage">The job's stage.</param>
/// <param name="Title">Title for display.</param>
/// <param name="Spec">The job's specification.</param>
/// <param name="Parents">The accepted results of the job's parents.</param>
public sealed record ClaimedJob(Lease Lease, string Stage, string Title, JsonObject Spec, IReadOnlyList<JobResult> Parents)
{
    /// <summary>The epoch after which the attempt parks; null if it runs to the end.</summary>
    public int? PauseAfter { get; init; }
}

/// <summary>A result that an attempt has published to the artifact store. The attempt may have lost its lease since.</summary>
/// <param name="Lease">The lease of the attempt.</param>
/// <param name="ManifestDigest">SHA-256 of the manifest's bytes, lower-case hex.</param>
public sealed record PublishedResult(Lease Lease, string ManifestDigest);

/// <summary>
/// The result of one attempt of a job: of a completed attempt, which is still to be verified, or the accepted one, which is the only one
/// that dependants and tables read.
/// </summary>
/// <param name="JobId">The job.</param>
/// <param name="Stage">The job's stage.</param>
/// <param name="Attempt">The attempt that produced the result.</param>
/// <param name="ManifestDigest">SHA-256 of the manifest's bytes, lower-case hex.</param>
public sealed record JobResult(string JobId, string Stage, int Attempt, string ManifestDigest);
