using System.Globalization;
using Ser.Domain;

namespace Ser.Storage.Farm;

/// <summary>
/// A process's folder for unfinished results, one of several numbered subfolders of a shared folder. Locked while the process runs; the
/// next process removes what ended processes have left.
/// </summary>
public sealed class ProcessFolder : IDisposable
{
    private readonly FileStream _lock;

    private ProcessFolder(string folder, FileStream held) => (Folder, _lock) = (folder, held);

    /// <summary>Its path; the folder is empty at first.</summary>
    public string Folder { get; }

    /// <summary>Takes the first free subfolder, and empties every free one.</summary>
    /// <param name="folder">The shared folder, on a local disk; created if missing.</param>
    public static ProcessFolder Create(string folder)
    {
        Directory.CreateDirectory(folder);
        ProcessFolder? own = null;
        for (int number = 1; own is null || File.Exists(LockFile(folder, number)); number++)
        {
            if (FileLock.TryTake(LockFile(folder, number)) is not { } held)
            {
                continue;
            }

            string subfolder = Path.Combine(folder, number.ToString(CultureInfo.InvariantCulture));
            if (Directory.Exists(subfolder))
            {
                Directory.Delete(subfolder, recursive: true);
            }

            if (own is null)
            {
                Directory.CreateDirectory(subfolder);
                own = new ProcessFolder(subfolder, held);
            }
            else
            {
                held.Dispose();
            }
        }

        return own;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    // Lock files are never deleted: another process could be opening one at that moment, and both would hold the lock.
    private static string LockFile(string folder, int number) => Path.Combine(folder, FormattableString.Invariant($"{number}.lock"));
}
