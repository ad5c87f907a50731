namespace Ser.Domain;

/// <summary>
/// The job store or the artifact store cannot be read or written, for example because of a full disk, missing rights or a damaged file.
/// It ends a command with exit code 1 and is not charged to any job.
/// </summary>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);
