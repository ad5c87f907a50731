using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Storage.Artifacts;

/// <summary>Reads the manifests of accepted results without their files.</summary>
public static class AcceptedManifestExtensions
{
    /// <summary>Reads only the manifest of an accepted result. Its files, which may be gigabytes, are neither read nor verified.</summary>
    /// <exception cref="StorageException">The manifest is missing or is not the accepted one.</exception>
    public static Manifest ReadManifest(this IArtifactStore artifacts, JobResult result)
    {
        string key = ArtifactKeys.Attempt(result.Stage, result.JobId, result.Attempt) + ArtifactKeys.ManifestName;
        var (manifest, problem) = ManifestFile.Read(key, artifacts.Get(key), result.ManifestDigest);
        return manifest ?? throw ManifestFile.Damaged(result, problem);
    }
}
