using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Storage.Artifacts;

/// <summary>What made accepted results, without their files.</summary>
public static class AcceptedManifests
{
    /// <summary>The manifest of an accepted result alone: its files, which may be gigabytes, are neither read nor checked.</summary>
    /// <exception cref="StorageException">It is not there, or not the accepted one.</exception>
    public static Manifest ManifestOf(this IArtifactStore artifacts, AcceptedResult result)
    {
        string key = ArtifactKeys.Attempt(result.Stage, result.JobId, result.Attempt) + ArtifactKeys.ManifestName;
        var (manifest, problem) = ManifestFile.Read(key, artifacts.Get(key), result.ManifestDigest);
        return manifest ?? throw new StorageException($"An accepted result is damaged: {problem}. Restore it from a copy, or make it again: ser retry {result.JobId}, then ser resume.");
    }
}
