using Ser.Domain.Jobs;

namespace Ser.Runners;

/// <summary>
/// Files that the jobs of a machine share and can make again: decoded audio, features. Any number of processes use one folder. What was opened longest ago is removed where the next would not fit; a job that still reads
/// such a file reads on, and its space is free when the job ends.
/// </summary>
/// <param name="Folder">On a local disk; made where it is missing.</param>
/// <param name="Limit">Bytes of all files together. A file that is larger by itself stays alone.</param>
public sealed record SharedCache(string Folder, long Limit = SharedCache.UsualLimit) : ISharedCache
{
    /// <summary>20 GiB: IEMOCAP takes 2.6 GB of audio, and 4.2 GB of float32 features for each convolutional encoder.</summary>
    public const long UsualLimit = 20L << 30;

    /// <inheritdoc/>
    public string Place(string name, long bytes)
    {
        string path = Path.Combine(Directory.CreateDirectory(Folder).FullName, name);
        using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime);
        }

        var others = new DirectoryInfo(Folder).EnumerateFiles().Where(file => file.Name != name && file.Exists).Select(file => (file.FullName, file.Length, file.LastWriteTimeUtc)).ToList();
        long total = bytes + others.Sum(file => file.Length);
        foreach (var file in others.OrderBy(file => file.LastWriteTimeUtc).TakeWhile(_ => total > Limit))
        {
            total -= file.Length;
            File.Delete(file.FullName);
        }

        return path;
    }
}
