namespace Ser.Storage.Farm;

/// <summary>Where a machine of the farm keeps things. All of it can be made again.</summary>
/// <param name="Folder">The folder of all; on a local disk.</param>
public sealed record WorkFolders(string Folder)
{
    /// <summary>Results in the making; of each process in a <see cref="WorkPlace"/>.</summary>
    public string Work => Path.Combine(Folder, "work");

    /// <summary>What jobs share: decoded audio, features.</summary>
    public string Cache => Path.Combine(Folder, "cache");

    /// <summary>Copies of what lies in the object store, within <see cref="FarmSettings.CacheLimit"/>.</summary>
    public string Artifacts => Path.Combine(Folder, "artifacts");
}
