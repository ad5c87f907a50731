using System.Security.Cryptography;
using System.Text.Json;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Storage.Artifacts;

/// <summary>Writes, reads and verifies the manifest of a result's folder.</summary>
internal static class ManifestFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Relative paths of the files in a folder except the manifest, with '/' as separator, in ordinal order.</summary>
    public static IReadOnlyList<string> ListFiles(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Where(name => name != ArtifactKeys.ManifestName)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads the size and digest of a file.</summary>
    public static ArtifactFile Describe(string folder, string name)
    {
        using var stream = File.OpenRead(Path.Combine(folder, name));
        return new ArtifactFile(name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    /// <summary>Serializes a manifest.</summary>
    public static byte[] Write(Manifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, Json);

    /// <summary>SHA-256 of a manifest's bytes.</summary>
    public static string ComputeDigest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Parses a manifest and verifies its digest.</summary>
    /// <param name="path">Its path or key, for messages.</param>
    /// <param name="bytes">Its contents; null: it does not exist.</param>
    /// <param name="digest">The expected SHA-256.</param>
    /// <returns>The manifest, or the problem with it.</returns>
    public static ManifestOrProblem Read(string path, byte[]? bytes, string digest)
    {
        if (bytes is null)
        {
            return new(null, $"{path} does not exist");
        }

        if (ComputeDigest(bytes) != digest)
        {
            return new(null, $"{path} is not the manifest that the worker published (its SHA-256 differs)");
        }

        if (Parse(bytes) is not { } manifest)
        {
            return new(null, $"{path} is not a manifest");
        }

        string? problem = manifest.Files.Select(file => ObjectKeys.FindProblem(file.Name)).OfType<string>().FirstOrDefault();
        return problem is null
            ? new(manifest, null)
            : new(null, $"{path} names a file that cannot belong to a result: {problem}");
    }

    // The digest only says that these are the bytes that a worker published, which may be anything.
    private static Manifest? Parse(byte[] bytes)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<Manifest>(bytes, Json);
            bool isComplete = manifest is { JobId: not null, Stage: not null, Files: not null, Environment: not null }
                && manifest.Files.All(file => file is { Name: not null, Sha256: not null });
            return isComplete ? manifest : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Verifies a result's folder against the digest of its manifest.</summary>
    /// <returns>The problem, with the name of the file; null if there is none.</returns>
    public static string? FindProblem(string folder, string jobId, int attempt, string digest)
    {
        string path = Path.Combine(folder, ArtifactKeys.ManifestName);
        var (manifest, problem) = Read(path, File.Exists(path) ? File.ReadAllBytes(path) : null, digest);
        return problem ?? FindAttemptMismatch(path, manifest!, jobId, attempt) ?? FindFileProblem(folder, manifest!);
    }

    /// <summary>The problem if a manifest belongs to another attempt than expected; null otherwise.</summary>
    public static string? FindAttemptMismatch(string path, Manifest manifest, string jobId, int attempt) =>
        manifest.JobId != jobId || manifest.Attempt != attempt
            ? $"{path} belongs to job {manifest.JobId}, attempt {manifest.Attempt}, not to {jobId}, attempt {attempt}"
            : null;

    /// <summary>Verifies the files of a folder against its manifest.</summary>
    public static string? FindFileProblem(string folder, Manifest manifest)
    {
        foreach (var file in manifest.Files)
        {
            string path = Path.Combine(folder, file.Name);
            if (!File.Exists(path))
            {
                return $"{path} does not exist";
            }

            if (Describe(folder, file.Name) != file)
            {
                return MismatchMessage(path);
            }
        }

        return null;
    }

    /// <summary>The message for a file that differs from its entry in the manifest.</summary>
    public static string MismatchMessage(string path) => $"{path} differs from its manifest (size or SHA-256)";

    /// <summary>The exception for an accepted result that does not match its manifest.</summary>
    public static StorageException Damaged(JobResult result, string? problem) => new(
        $"An accepted result is damaged: {problem}. Restore it from a copy, or recompute it: ser retry {result.JobId}, then ser resume.");
}

/// <summary>A manifest, or the problem with it: one of the two is null.</summary>
/// <param name="Manifest">The manifest.</param>
/// <param name="Problem">The problem, with the name of the file.</param>
internal sealed record ManifestOrProblem(Manifest? Manifest, string? Problem);
