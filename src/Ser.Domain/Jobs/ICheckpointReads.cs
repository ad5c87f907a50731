namespace Ser.Domain.Jobs;

/// <summary>The recorded checkpoints of jobs, for workers that resume from them and for all who delete the others.</summary>
/// <exception cref="StorageException">Thrown by every member when the store cannot be read or written.</exception>
public interface ICheckpointReads
{
    /// <summary>Returns the key of the last recorded checkpoint, of any attempt, of each of these jobs that has one.</summary>
    IReadOnlyDictionary<string, string> LatestCheckpoints(IReadOnlyCollection<string> jobIds);
}
