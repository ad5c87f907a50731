namespace Ser.Storage.Farm;

/// <summary>Local folders of a machine of the farm. Their contents can be recreated.</summary>
/// <param name="Folder">The parent folder, on a local disk.</param>
public sealed record WorkFolders(string Folder)
{
    /// <summary>Unfinished results; each process has a <see cref="ProcessFolder"/> of its own in it.</summary>
    public string Work => Path.Combine(Folder, "work");

    /// <summary>Files that jobs share: decoded audio, features.</summary>
    public string Cache => Path.Combine(Folder, "cache");

    /// <summary>Local copies of objects of the object store, at most <see cref="FarmSettings.CacheLimit"/>.</summary>
    public string Artifacts => Path.Combine(Folder, "artifacts");
}
