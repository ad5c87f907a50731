using System.Runtime.InteropServices;

namespace Ser.Storage.Artifacts;

/// <summary>Writes files so that after a crash they are either complete on the disk or absent.</summary>
public static class DurableFiles
{
    /// <summary>Suffix of incomplete files.</summary>
    public const string TemporarySuffix = ".part";

    /// <summary>
    /// Calls <paramref name="write"/> with a temporary path, then moves the file to <paramref name="path"/>, replacing any earlier file.
    /// </summary>
    public static void Write(string path, Action<string> write)
    {
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        string part = path + TemporarySuffix;
        try
        {
            write(part);
            Flush(part);
            File.Move(part, path, overwrite: true);
            FlushFolder(folder);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <summary>Waits until a file's bytes are on the disk.</summary>
    public static void Flush(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Waits until a folder's entries are on the disk. Does nothing on Windows, where this is automatic.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(folder, 0);
        if (descriptor < 0)
        {
            throw new IOException($"{folder} cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        }

        try
        {
            // Some file systems cannot flush a folder and return EINVAL, which is ignored because there is no alternative.
            _ = Fsync(descriptor);
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Fsync(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int descriptor);
}
