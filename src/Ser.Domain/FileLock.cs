namespace Ser.Domain;

/// <summary>A lock file that one process of the machine holds. The operating system releases it when the process ends.</summary>
public static class FileLock
{
    // Error codes for a file that another process has locked. Other errors, such as a full disk, must not be taken for a held lock.
    private const int HeldOnLinux = 11, HeldOnMac = 35, HeldOnWindows = unchecked((int)0x80070020);

    /// <summary>Takes the lock if it is free; null otherwise.</summary>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem) when (IsHeldError(problem))
        {
            return null;
        }
    }

    /// <summary>Whether the error means that another process holds the lock.</summary>
    public static bool IsHeldError(IOException problem) => problem.HResult is HeldOnLinux or HeldOnMac or HeldOnWindows;
}
