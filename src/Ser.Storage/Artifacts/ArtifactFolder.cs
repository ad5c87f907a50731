using Ser.Domain.Artifacts;

namespace Ser.Storage.Artifacts;

/// <summary>Artifact stores in a folder outside a data folder.</summary>
public static class ArtifactFolder
{
    /// <summary>
    /// Opens the store in <paramref name="folder"/>, which has the layout {stage}/{job}/{attempt}/ of a data folder's artifacts/.
    /// </summary>
    public static IArtifactStore Open(string folder) => new FileArtifacts(folder);
}
