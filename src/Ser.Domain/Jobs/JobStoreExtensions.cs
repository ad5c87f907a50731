namespace Ser.Domain.Jobs;

/// <summary>Single-item versions of the batch methods of the job store's ports.</summary>
public static class JobStoreExtensions
{
    /// <summary>Claims one job.</summary>
    /// <returns>The job, or null if there is none to claim.</returns>
    public static ClaimedJob? Claim(this IJobLeases leases, ClaimRequest request) => leases.Claim(request, 1).FirstOrDefault();

    /// <summary>Completes one attempt.</summary>
    /// <returns>Whether its result is recorded.</returns>
    public static bool Complete(this IJobLeases leases, Lease lease, string manifestDigest) =>
        leases.Complete([new PublishedResult(lease, manifestDigest)]).Count == 1;

    /// <summary>Returns the key of a job's last recorded checkpoint, or null.</summary>
    public static string? LatestCheckpoint(this ICheckpointReads checkpoints, string jobId) =>
        checkpoints.LatestCheckpoints([jobId]).GetValueOrDefault(jobId);

    /// <summary>Accepts one result.</summary>
    /// <returns>Whether this call accepted it.</returns>
    public static bool Accept(this IResultAcceptance acceptance, JobResult result) => acceptance.Accept([result]).Count == 1;

    /// <summary>Returns a job's learning curve, ordered by epoch.</summary>
    public static IReadOnlyList<EpochPoint> LearningCurve(this ISweepReads reads, string jobId) =>
        [.. reads.LearningCurves([jobId])[jobId]];

    /// <summary>Returns a job's attempts with their logs, oldest first.</summary>
    public static IReadOnlyList<AttemptRecord> Attempts(this ISweepReads reads, string jobId) =>
        [.. reads.AttemptsByJob([jobId], withLogs: true)[jobId]];
}
