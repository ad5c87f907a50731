namespace Ser.Domain.Jobs;

/// <summary>Single-item versions of the batch methods of <see cref="IJobStore"/>.</summary>
public static class JobStoreExtensions
{
    /// <summary>Claims one job.</summary>
    /// <returns>The job, or null if there is none to claim.</returns>
    public static ClaimedJob? Claim(this IJobStore jobs, ClaimRequest request) => jobs.Claim(request, 1).FirstOrDefault();

    /// <summary>Returns the key of a job's last recorded checkpoint, or null.</summary>
    public static string? LatestCheckpoint(this IJobStore jobs, string jobId) => jobs.LatestCheckpoints([jobId]).GetValueOrDefault(jobId);

    /// <summary>Completes one attempt.</summary>
    public static void Complete(this IJobStore jobs, Lease lease, string manifestDigest) =>
        jobs.Complete([new PublishedResult(lease, manifestDigest)]);

    /// <summary>Accepts one result.</summary>
    /// <returns>Whether this call accepted it.</returns>
    public static bool Accept(this IJobStore jobs, CompletedResult result) => jobs.Accept([result]).Count == 1;
}
