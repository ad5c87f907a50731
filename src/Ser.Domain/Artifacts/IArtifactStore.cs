using Ser.Domain.Jobs;

namespace Ser.Domain.Artifacts;

/// <summary>Where results, checkpoints and small inputs lie. A result is written once and never changed.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface IArtifactStore
{
    /// <summary>Moves the files of <paramref name="folder"/> to {stage}/{jobId}/{attempt}/, then writes the manifest, last.</summary>
    /// <param name="stage">Stage of the job.</param>
    /// <param name="lease">The attempt that made them.</param>
    /// <param name="folder">A local folder; its sub-folders are kept.</param>
    /// <param name="environment">What made it; recorded in the manifest.</param>
    /// <returns>SHA-256 of the manifest's bytes, lower-case hex.</returns>
    string Publish(string stage, Lease lease, string folder, IReadOnlyDictionary<string, string> environment);

    /// <summary>Checks manifest and every file of an offered result.</summary>
    /// <returns>What is wrong with it, or null.</returns>
    string? Verify(OfferedResult result);

    /// <summary>Local folder with the files of an accepted result, verified once in a process.</summary>
    /// <exception cref="StorageException">It is damaged or not there; the message says which file.</exception>
    string Open(AcceptedResult result);

    /// <summary>Stores a small blob; atomic, a second one of the same key replaces the first.</summary>
    void Put(string key, ReadOnlySpan<byte> bytes);

    /// <summary>A small blob, or null.</summary>
    byte[]? Get(string key);

    /// <summary>Puts files from outside of the store where every worker can have them, by digest; what is there already does not travel again.</summary>
    /// <exception cref="InputException">A file is gone or has another digest; nothing that jobs read has changed.</exception>
    void Share(IReadOnlyList<InputFile> files);

    /// <summary>Local paths of shared files, in order. They stay while they are among what the process has opened last; ask again for each job.</summary>
    IReadOnlyList<string> Fetch(IReadOnlyList<InputFile> files);

    /// <summary>Has <paramref name="write"/> write a file at a temporary path and puts it in place, whole and on the disk, under <paramref name="key"/>.</summary>
    void PutCheckpoint(string key, Action<string> write);

    /// <summary>Local path of a checkpoint, or null.</summary>
    string? OpenCheckpoint(string key);

    /// <summary>Removes a job's checkpoints but the one with key <paramref name="keep"/>; with null, all.</summary>
    void RemoveCheckpoints(string jobId, string? keep);

    /// <summary>Ids of the jobs that have checkpoint files.</summary>
    IReadOnlyList<string> JobsWithCheckpoints();

    /// <summary>Everything that attempts of a stage have published, whole or not.</summary>
    IReadOnlyList<StoredAttempt> Attempts(string stage);

    /// <summary>Removes what an attempt has published, the manifest first.</summary>
    void Remove(StoredAttempt attempt);

    /// <summary>Removes what was being written when its process died; <paramref name="age"/> must be longer than any writing takes.</summary>
    /// <returns>How much there was.</returns>
    int RemoveUnfinished(TimeSpan age);
}

/// <summary>Files of one attempt.</summary>
/// <param name="Stage">Its stage.</param>
/// <param name="JobId">Its job.</param>
/// <param name="Attempt">Its number.</param>
public sealed record StoredAttempt(string Stage, string JobId, int Attempt);
