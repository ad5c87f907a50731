using Ser.Domain.Jobs;

namespace Ser.Domain.Artifacts;

/// <summary>Storage of results, checkpoints and small inputs. A result is written once and never changed.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface IArtifactStore
{
    /// <summary>Moves the files of <paramref name="folder"/> to {stage}/{jobId}/{attempt}/ and writes the manifest last.</summary>
    /// <param name="stage">Stage of the job.</param>
    /// <param name="lease">The attempt that made the files.</param>
    /// <param name="folder">A local folder. Its sub-folders are kept.</param>
    /// <param name="environment">Description of the software and hardware, recorded in the manifest.</param>
    /// <returns>SHA-256 of the manifest's bytes, lower-case hex.</returns>
    string Publish(string stage, Lease lease, string folder, IReadOnlyDictionary<string, string> environment);

    /// <summary>Verifies the manifest and every file of a completed result.</summary>
    /// <returns>A description of what is wrong, or null if the result is intact.</returns>
    string? Verify(JobResult result);

    /// <summary>Returns a local folder with the files of an accepted result. They are verified once in each process.</summary>
    /// <exception cref="StorageException">The result is damaged or missing; the message names the file.</exception>
    string Open(JobResult result);

    /// <summary>Stores a small object atomically. It replaces an object with the same key.</summary>
    void Put(string key, ReadOnlySpan<byte> bytes);

    /// <summary>Returns the bytes of a small object, or null.</summary>
    byte[]? Get(string key);

    /// <summary>Makes local files available to every worker, by digest. Files that are already in the store are not copied again.</summary>
    /// <exception cref="InputException">A file is missing or has another digest. Nothing that jobs read has changed.</exception>
    void ShareInputs(IReadOnlyList<InputFile> files);

    /// <summary>
    /// Returns local paths of shared files, in the given order. A path stays valid only while the file is among those that this process has
    /// opened last, so it must be requested again for each job.
    /// </summary>
    IReadOnlyList<string> FetchInputs(IReadOnlyList<InputFile> files);

    /// <summary>
    /// Stores a file under <paramref name="key"/>, atomically and durably. <paramref name="write"/> writes it at the temporary path that it
    /// receives.
    /// </summary>
    void PutCheckpoint(string key, Action<string> write);

    /// <summary>Returns the local path of a checkpoint, or null.</summary>
    string? OpenCheckpoint(string key);

    /// <summary>Deletes a job's checkpoints, except the one with key <paramref name="keep"/> if that is not null.</summary>
    void RemoveCheckpoints(string jobId, string? keep);

    /// <summary>Returns the ids of jobs that have checkpoints.</summary>
    IReadOnlyList<string> JobsWithCheckpoints();

    /// <summary>Returns all attempts of a stage that have files in the store, complete or not.</summary>
    IReadOnlyList<StoredAttempt> Attempts(string stage);

    /// <summary>Deletes the files of an attempt, the manifest first.</summary>
    void Remove(StoredAttempt attempt);

    /// <summary>Deletes partial files and uploads that were left when their process ended.</summary>
    /// <param name="age">Minimum age, which must be longer than any write takes.</param>
    /// <returns>Number of deleted files and uploads.</returns>
    int RemoveUnfinished(TimeSpan age);
}

/// <summary>An attempt with files in the artifact store.</summary>
/// <param name="Stage">Stage of the job.</param>
/// <param name="JobId">The job.</param>
/// <param name="Attempt">Number of the attempt.</param>
public sealed record StoredAttempt(string Stage, string JobId, int Attempt);
