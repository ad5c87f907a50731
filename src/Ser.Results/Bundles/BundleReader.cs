using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Ser.Domain;
using Ser.Storage.Artifacts;

namespace Ser.Results.Bundles;

/// <summary>
/// Unpacks a bundle from an untrusted source. Names, sizes and digests are checked before and while files are written.
/// </summary>
internal static class BundleReader
{
    private const long MaxIndexBytes = 256L << 20;
    private const long AlwaysAllowedBytes = 16L << 20;

    // Learning curves in JSON compress by a factor of about 20. A much higher ratio indicates a zip bomb.
    private const int MaxCompressionRatio = 200;

    /// <summary>Unpacks all files to <paramref name="folder"/>.</summary>
    /// <exception cref="InputException">
    /// The file is not a bundle, or it is incomplete or was changed; the message names the file within it. The folder may then contain
    /// partial files.
    /// </exception>
    public static Bundle Unpack(string path, string folder)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            var bundle = ReadIndex(zip, new FileInfo(path).Length, folder);
            var entries = zip.Entries.ToDictionary(entry => entry.FullName);
            foreach (var file in bundle.Files)
            {
                Extract(entries[file.Name], file, Path.Combine(folder, file.Name));
            }

            File.WriteAllBytes(Path.Combine(folder, Bundle.FileName), ReadBytes(entries[Bundle.FileName], MaxIndexBytes));
            return bundle;
        }
        catch (Exception invalid) when (invalid is InvalidDataException or JsonException or EndOfStreamException)
        {
            string reason = invalid.Message.Split('\n')[0];
            throw new InputException($"{path} is not a complete bundle of ser export ({reason}): get it again from its source", invalid);
        }
    }

    private static Bundle ReadIndex(ZipArchive zip, long compressed, string folder)
    {
        var index = zip.GetEntry(Bundle.FileName) ?? throw new InvalidDataException($"it has no {Bundle.FileName}");
        var bundle = JsonSerializer.Deserialize<Bundle>(ReadBytes(index, MaxIndexBytes), Bundle.Json)!;
        if (bundle.Format != Bundle.ThisFormat)
        {
            throw new InvalidDataException($"its format is {bundle.Format}, but this version reads {Bundle.ThisFormat}");
        }

        if (bundle.Files is null || bundle.Sweep is null || !bundle.Files.All(IsComplete))
        {
            throw new InvalidDataException($"{Bundle.FileName} is incomplete");
        }

        string[] listed = [.. bundle.Files.Select(file => file.Name)];
        if (listed.Select(ObjectKeys.FindProblem).OfType<string>().FirstOrDefault() is { } bad)
        {
            throw new InvalidDataException(bad);
        }

        string root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        bool IsOutside(string name) => !Path.GetFullPath(Path.Combine(folder, name)).StartsWith(root, StringComparison.Ordinal);
        if (listed.FirstOrDefault(IsOutside) is { } outside)
        {
            throw new InvalidDataException($"{outside} is outside of the bundle's folder");
        }

        string[] present = [.. zip.Entries.Select(entry => entry.FullName).Where(name => name != Bundle.FileName)];
        if (present.Except(listed).FirstOrDefault() is { } unlisted)
        {
            throw new InvalidDataException($"it contains {unlisted}, which {Bundle.FileName} does not list");
        }

        if (listed.Except(present).FirstOrDefault() is { } missing)
        {
            throw new InvalidDataException($"{missing} is missing");
        }

        if (zip.Entries.Count != listed.Length + 1 || listed.Distinct(StringComparer.OrdinalIgnoreCase).Count() != listed.Length)
        {
            throw new InvalidDataException("it contains a name twice");
        }

        decimal bytes = bundle.Files.Sum(file => (decimal)file.Bytes);
        if (bytes > AlwaysAllowedBytes + ((decimal)compressed * MaxCompressionRatio))
        {
            throw new InvalidDataException($"it would grow from {compressed} to {bytes} bytes, which is implausible for a bundle");
        }

        long free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        return bytes < free
            ? bundle
            : throw new InputException(
                $"the bundle needs {bytes} bytes, but {folder} has only {free} free: free some space, or give another --data");
    }

    private static bool IsComplete(BundleFile? file) => file is { Name: not null, Sha256: not null, Bytes: >= 0 };

    private static void Extract(ZipArchiveEntry entry, BundleFile file, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var from = entry.Open();
        using var target = File.Create(to);
        byte[] buffer = new byte[1 << 16];
        long length = 0;
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            length += read;
            if (length > file.Bytes)
            {
                throw new InvalidDataException($"{file.Name} is longer than {Bundle.FileName} says");
            }

            hash.AppendData(buffer, 0, read);
            target.Write(buffer, 0, read);
        }

        if (length != file.Bytes || Convert.ToHexStringLower(hash.GetHashAndReset()) != file.Sha256)
        {
            throw new InvalidDataException($"{file.Name} does not match {Bundle.FileName} (size or SHA-256 differs)");
        }
    }

    private static byte[] ReadBytes(ZipArchiveEntry entry, long maxBytes)
    {
        using var from = entry.Open();
        using var memory = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            memory.Write(buffer, 0, read);
            if (memory.Length > maxBytes)
            {
                throw new InvalidDataException($"{entry.FullName} is longer than {maxBytes} bytes");
            }
        }

        return memory.ToArray();
    }
}
