namespace Ser.Domain;

/// <summary>The job store or the artifact store cannot be read or written (a full disk, lost rights, a damaged file): exit code 1. No job is charged for it.</summary>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner);
