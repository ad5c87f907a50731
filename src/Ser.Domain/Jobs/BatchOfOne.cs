namespace Ser.Domain.Jobs;

/// <summary>Single-item versions of the batch methods of <see cref="IJobStore"/>.</summary>
public static class BatchOfOne
{
    /// <summary>Claims one job.</summary>
    /// <returns>The job, or null if there is none to claim.</returns>
    public static ClaimedJob? Claim(this IJobStore jobs, ClaimRequest request) => jobs.Claim(request, 1).FirstOrDefault();

    /// <summary>Returns the key of a job's last recorded checkpoint, or null.</summary>
    public static string? CheckpointOf(this IJobStore jobs, string jobId) => jobs.CheckpointsOf([jobId]).GetValueOrDefault(jobId);

    /// <summary>Completes one attempt.</summary>
    public static void Offer(this IJobStore jobs, Lease lease, string manifestDigest) =>
        jobs.Offer([new PublishedResult(lease, manifestDigest)]);

    /// <summary>Accepts one result.</summary>
    /// <returns>Whether this call accepted it.</returns>
    public static bool Accept(this IJobStore jobs, OfferedResult result) => jobs.Accept([result]).Count == 1;
}
