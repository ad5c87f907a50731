using Ser.Domain.Jobs;

namespace Ser.Storage.Data;

/// <summary>
/// Files that the jobs of a machine share and can recompute: decoded audio and features. Any number of processes may use one folder.
/// Where a new file would not fit, the files that were opened longest ago are deleted. A job that still reads a deleted file can continue,
/// and the space is freed when it ends.
/// </summary>
/// <param name="Folder">A folder on a local disk; created where it is missing.</param>
/// <param name="Limit">Maximum size of all files in bytes. A single file that is larger is kept, alone.</param>
public sealed record SharedCache(string Folder, long Limit = SharedCache.DefaultLimit) : ISharedCache
{
    /// <summary>20 GiB: IEMOCAP takes 2.6 GB of audio, and 4.2 GB of float32 features for each convolutional encoder.</summary>
    public const long DefaultLimit = 20L << 30;

    /// <inheritdoc/>
    public string Reserve(string name, long bytes)
    {
        string path = Path.Combine(Directory.CreateDirectory(Folder).FullName, name);
        using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime);
        }

        // Another process may delete a file meanwhile, so sizes and times are read once.
        var others = new DirectoryInfo(Folder).EnumerateFiles()
            .Where(file => file.Name != name && file.Exists)
            .Select(file => (file.FullName, file.Length, file.LastWriteTimeUtc))
            .ToList();
        long total = bytes + others.Sum(file => file.Length);
        foreach (var file in others.OrderBy(file => file.LastWriteTimeUtc).TakeWhile(_ => total > Limit))
        {
            total -= file.Length;
            File.Delete(file.FullName);
        }

        return path;
    }
}
