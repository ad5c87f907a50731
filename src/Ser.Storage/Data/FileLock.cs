namespace Ser.Storage.Data;

/// <summary>A file that one process of the machine holds. The system lets go of it when the process dies.</summary>
internal static class FileLock
{
    // What the system says of a file that somebody else has locked: Linux, macOS, Windows. Anything else, say a full disk, is not that.
    private const int HeldOnLinux = 11, HeldOnMac = 35, HeldOnWindows = unchecked((int)0x80070020);

    /// <summary>Takes the lock if nobody holds it; null otherwise.</summary>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException problem) when (MeansHeld(problem))
        {
            return null;
        }
    }

    /// <summary>Whether the system says that somebody holds it.</summary>
    public static bool MeansHeld(IOException problem) => problem.HResult is HeldOnLinux or HeldOnMac or HeldOnWindows;
}
