namespace Ser.Domain.Jobs;

/// <summary>Verbs of <see cref="IJobStore"/> that take batches, for one.</summary>
public static class BatchOfOne
{
    /// <summary>Claims one job.</summary>
    /// <returns>The job, or null when there is none.</returns>
    public static ClaimedJob? Claim(this IJobStore jobs, ClaimRequest request) => jobs.Claim(request, 1).FirstOrDefault();

    /// <summary>Key of a job's last checkpoint, or null.</summary>
    public static string? CheckpointOf(this IJobStore jobs, string jobId) => jobs.CheckpointsOf([jobId]).GetValueOrDefault(jobId);

    /// <summary>Offers one result.</summary>
    public static void Offer(this IJobStore jobs, Lease lease, string manifestDigest) => jobs.Offer([new PublishedResult(lease, manifestDigest)]);

    /// <summary>Accepts one result.</summary>
    /// <returns>Whether it was accepted now.</returns>
    public static bool Accept(this IJobStore jobs, OfferedResult result) => jobs.Accept([result]).Count == 1;
}
