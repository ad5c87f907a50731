using System.Security.Cryptography;
using System.Text.Json;
using Ser.Domain.Artifacts;

namespace Ser.Storage.Artifacts;

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

    /// <summary>A manifest that has the digest that was offered.</summary>
    /// <param name="where">Where it lies, for messages.</param>
    /// <param name="bytes">What lies there; null: nothing.</param>
    /// <param name="digest">What it must be.</param>
    /// <returns>The manifest, or what is wrong.</returns>
    public static (Manifest? Manifest, string? Problem) Read(string where, byte[]? bytes, string digest)
    {
        if (bytes is null)
        {
            return (null, $"{where} is not there");
        }

        if (DigestOf(bytes) != digest)
        {
            return (null, $"{where} is not the manifest that was offered (its SHA-256 differs)");
        }

        var manifest = JsonSerializer.Deserialize<Manifest>(bytes, Json)!;
        return manifest.Files.Select(file => ObjectKeys.Problem(file.Name)).OfType<string>().FirstOrDefault() is { } problem
            ? (null, $"{where} names a file that cannot be one of a result: {problem}")
            : (manifest, null);
    }

    /// <summary>Checks a result's folder against the digest of its manifest.</summary>
    /// <returns>What is wrong, naming the file; null when all is well.</returns>
    public static string? Problem(string folder, string jobId, int attempt, string digest)
    {
        string path = Path.Combine(folder, ArtifactKeys.ManifestName);
        var (manifest, problem) = Read(path, File.Exists(path) ? File.ReadAllBytes(path) : null, digest);
        return problem ?? OfAnother(path, manifest!, jobId, attempt) ?? FilesProblem(folder, manifest!);
    }

    /// <summary>What is wrong with a manifest that is of another attempt than expected; null where it is not.</summary>
    public static string? OfAnother(string where, Manifest manifest, string jobId, int attempt) => manifest.JobId != jobId || manifest.Attempt != attempt
        ? $"{where} is of job {manifest.JobId}, attempt {manifest.Attempt}, not of {jobId}, attempt {attempt}"
        : null;

    /// <summary>Checks the files of a folder against its manifest.</summary>
    public static string? FilesProblem(string folder, Manifest manifest)
    {
        foreach (var file in manifest.Files)
        {
            string at = Path.Combine(folder, file.Name);
            if (!File.Exists(at))
            {
                return $"{at} is not there";
            }

            if (Describe(folder, file.Name) != file)
            {
                return Differs(at);
            }
        }

        return null;
    }

    /// <summary>What is said of a file that is not the manifest's.</summary>
    public static string Differs(string where) => $"{where} is not as the manifest has it (size or SHA-256 differs)";
}
