using System.Runtime.InteropServices;

namespace Ser.Storage.Artifacts;

/// <summary>Files that are whole and on the disk, or not there.</summary>
public static class DurableFiles
{
    /// <summary>Suffix of files that are not whole yet.</summary>
    public const string Unfinished = ".part";

    /// <summary>Has <paramref name="write"/> write beside <paramref name="path"/>, then moves the file there; an older one is replaced.</summary>
    public static void Put(string path, Action<string> write)
    {
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        string part = path + Unfinished;
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

    /// <summary>Waits until a folder's entries are on the disk; Windows does that by itself.</summary>
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
            // Some file systems cannot flush a folder and say "invalid argument"; there is nothing more to be done on them.
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
