namespace Ser.Domain.Artifacts;

/// <summary>Checks of an artifact store.</summary>
public static class ArtifactStoreExtensions
{
    private static readonly string AnyKey = ArtifactKeys.Corpus("health");

    /// <summary>Asks the store for an object that does not exist.</summary>
    /// <exception cref="StorageException">The store does not answer.</exception>
    public static void RequireAvailable(this IArtifactStore store) => store.Get(AnyKey);
}
