using Ser.Domain.Artifacts;

namespace Ser.Storage.Artifacts;

/// <summary>Artifacts that lie in a folder outside of a data folder's own.</summary>
public static class ArtifactFolder
{
    /// <summary>The store in <paramref name="folder"/>, which holds {stage}/{job}/{attempt}/ as a data folder's artifacts/ does.</summary>
    public static IArtifactStore Open(string folder) => new FileArtifacts(folder);
}
