using System.Text.Json.Nodes;

namespace Ser.Domain.Jobs;

/// <summary>What tables, reports and bundles are made from: sweeps of a job store, or of a bundle. Changes nothing.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read.</exception>
public interface ISweepReads
{
    /// <summary>Every sweep, in order of first submission.</summary>
    IReadOnlyList<SweepSnapshot> Sweeps();

    /// <summary>A sweep by name.</summary>
    /// <exception cref="InputException">No such sweep; the message names those that there are.</exception>
    SweepSnapshot Sweep(string name);

    /// <summary>A job by its id or the beginning of it.</summary>
    /// <exception cref="InputException">No such job, or more than one.</exception>
    JobSnapshot Job(string id);

    /// <summary>The accepted result of each of these jobs that has one.</summary>
    IReadOnlyDictionary<string, AcceptedResult> Results(IReadOnlyCollection<string> jobIds);

    /// <summary>What each of these jobs was asked for, as it was submitted; jobs that are not there are left out.</summary>
    IReadOnlyDictionary<string, JsonObject> Specs(IReadOnlyCollection<string> jobIds);

    /// <summary>A job's learning curve, by epoch.</summary>
    IReadOnlyList<EpochPoint> Points(string jobId);

    /// <summary>A job's attempts, oldest first.</summary>
    IReadOnlyList<AttemptRecord> Attempts(string jobId);
}
