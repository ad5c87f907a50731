using System.Text.Json.Nodes;

namespace Ser.Domain.Jobs;

/// <summary>Read-only access to the sweeps of a job store or of a bundle: the source of tables, reports and bundles.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read.</exception>
public interface ISweepReads
{
    /// <summary>Returns every sweep, in order of first submission.</summary>
    IReadOnlyList<SweepSnapshot> Sweeps();

    /// <summary>Returns the sweep with this name.</summary>
    /// <exception cref="InputException">There is no such sweep; the message lists the existing ones.</exception>
    SweepSnapshot Sweep(string name);

    /// <summary>Returns the job whose id starts with <paramref name="id"/>.</summary>
    /// <exception cref="InputException">There is no such job, or more than one.</exception>
    JobSnapshot Job(string id);

    /// <summary>Returns the accepted result of each of these jobs that has one.</summary>
    IReadOnlyDictionary<string, JobResult> Results(IReadOnlyCollection<string> jobIds);

    /// <summary>Returns the specifications of these jobs, as submitted. Unknown jobs are left out.</summary>
    IReadOnlyDictionary<string, JsonObject> Specs(IReadOnlyCollection<string> jobIds);

    /// <summary>Returns the learning curves of these jobs, each ordered by epoch, by a fixed number of queries.</summary>
    ILookup<string, EpochPoint> LearningCurves(IReadOnlyCollection<string> jobIds);

    /// <summary>Returns the attempts of these jobs, each job's oldest first, by a fixed number of queries.</summary>
    /// <param name="jobIds">Jobs.</param>
    /// <param name="withLogs">Whether to read the logs of the attempts, which are long; they are null otherwise.</param>
    ILookup<string, AttemptRecord> AttemptsByJob(IReadOnlyCollection<string> jobIds, bool withLogs);
}
