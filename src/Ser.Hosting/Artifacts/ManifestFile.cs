using System.Security.Cryptography;
using System.Text.Json;
using Ser.Domain.Artifacts;

namespace Ser.Hosting.Artifacts;

/// <summary>Writes, reads and checks the manifest of a result's folder.</summary>
internal static class ManifestFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Names of the files under a folder, '/' between parts, in ordinal order, without the manifest.</summary>
    public static IReadOnlyList<string> NamesIn(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Where(name => name != ArtifactKeys.ManifestName)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Size and digest of a file.</summary>
    public static ArtifactFile Describe(string folder, string name)
    {
        using var stream = File.OpenRead(Path.Combine(folder, name));
        return new ArtifactFile(name, stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }

    /// <summary>The manifest's bytes.</summary>
    public static byte[] Write(Manifest manifest) => JsonSerializer.SerializeToUtf8Bytes(manifest, Json);

    /// <summary>SHA-256 of a manifest's bytes.</summary>
    public static string DigestOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Checks a result's folder against the digest of its manifest.</summary>
    /// <returns>What is wrong, naming the file; null when all is well.</returns>
    public static string? Problem(string folder, string jobId, int attempt, string digest)
    {
        string path = Path.Combine(folder, ArtifactKeys.ManifestName);
        if (!File.Exists(path))
        {
            return $"{path} is not there";
        }

        byte[] bytes = File.ReadAllBytes(path);
        if (DigestOf(bytes) != digest)
        {
            return $"{path} is not the manifest that was offered (its SHA-256 differs)";
        }

        var manifest = JsonSerializer.Deserialize<Manifest>(bytes, Json)!;
        if (manifest.JobId != jobId || manifest.Attempt != attempt)
        {
            return $"{path} is of job {manifest.JobId}, attempt {manifest.Attempt}, not of {jobId}, attempt {attempt}";
        }

        foreach (var file in manifest.Files)
        {
            string at = Path.Combine(folder, file.Name);
            if (!File.Exists(at))
            {
                return $"{at} is not there";
            }

            if (Describe(folder, file.Name) != file)
            {
                return $"{at} is not as the manifest has it (size or SHA-256 differs)";
            }
        }

        return null;
    }
}
