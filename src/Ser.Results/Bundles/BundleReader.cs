using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Ser.Domain;
using Ser.Storage.Artifacts;

namespace Ser.Results.Bundles;

/// <summary>Unpacks a bundle that somebody else has written. Trusts nothing: names, sizes and digests are checked before and while bytes are written.</summary>
internal static class BundleReader
{
    private const long LargestIndex = 256L << 20;
    private const long Small = 16L << 20;

    // JSON of learning curves shrinks twentyfold; what shrinks more than this was made to fill a disk.
    private const int MostShrunk = 200;

    /// <summary>Writes every file under <paramref name="folder"/>.</summary>
    /// <exception cref="InputException">It is no bundle, or not a whole and unchanged one; the message names the file. What has been written may be thrown away.</exception>
    public static Bundle Unpack(string path, string folder)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            var bundle = Index(zip, new FileInfo(path).Length, folder);
            var entries = zip.Entries.ToDictionary(entry => entry.FullName);
            foreach (var file in bundle.Files)
            {
                Extract(entries[file.Name], file, Path.Combine(folder, file.Name));
            }

            File.WriteAllBytes(Path.Combine(folder, Bundle.FileName), Bytes(entries[Bundle.FileName], LargestIndex));
            return bundle;
        }
        catch (Exception unsound) when (unsound is InvalidDataException or JsonException or EndOfStreamException)
        {
            throw new InputException($"{path} is no whole bundle of ser export ({unsound.Message.Split('\n')[0]}): get it again from where it was made", unsound);
        }
    }

    private static Bundle Index(ZipArchive zip, long packed, string folder)
    {
        var index = zip.GetEntry(Bundle.FileName) ?? throw new InvalidDataException($"it has no {Bundle.FileName}");
        var bundle = JsonSerializer.Deserialize<Bundle>(Bytes(index, LargestIndex), Bundle.Json)!;
        if (bundle.Format != Bundle.ThisFormat)
        {
            throw new InvalidDataException($"its format is {bundle.Format}, and this version reads {Bundle.ThisFormat}");
        }

        if (bundle.Files is null || bundle.Sweep is null || bundle.Files.Any(file => file?.Name is null || file.Sha256 is null || file.Bytes < 0))
        {
            throw new InvalidDataException($"{Bundle.FileName} lacks something");
        }

        string[] listed = [.. bundle.Files.Select(file => file.Name)];
        if (listed.Select(ObjectKeys.Problem).OfType<string>().FirstOrDefault() is { } bad)
        {
            throw new InvalidDataException(bad);
        }

        string inside = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        if (listed.FirstOrDefault(name => !Path.GetFullPath(Path.Combine(folder, name)).StartsWith(inside, StringComparison.Ordinal)) is { } outside)
        {
            throw new InvalidDataException($"{outside} would lie outside of the bundle's folder");
        }

        string[] there = [.. zip.Entries.Select(entry => entry.FullName).Where(name => name != Bundle.FileName)];
        if (there.Except(listed).FirstOrDefault() is { } unlisted)
        {
            throw new InvalidDataException($"it holds {unlisted}, which {Bundle.FileName} does not list");
        }

        if (listed.Except(there).FirstOrDefault() is { } missing)
        {
            throw new InvalidDataException($"{missing} is missing");
        }

        if (zip.Entries.Count != listed.Length + 1 || listed.Distinct(StringComparer.OrdinalIgnoreCase).Count() != listed.Length)
        {
            throw new InvalidDataException("a name comes twice");
        }

        decimal bytes = bundle.Files.Sum(file => (decimal)file.Bytes);
        if (bytes > Small + ((decimal)packed * MostShrunk))
        {
            throw new InvalidDataException($"it would grow from {packed} to {bytes} bytes, as no bundle does");
        }

        long free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        return bytes < free ? bundle : throw new InputException($"the bundle unpacks to {bytes} bytes and {folder} has room for {free}: make room, or give another --data");
    }

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
            throw new InvalidDataException($"{file.Name} is not as {Bundle.FileName} has it (size or SHA-256 differs)");
        }
    }

    private static byte[] Bytes(ZipArchiveEntry entry, long most)
    {
        using var from = entry.Open();
        using var memory = new MemoryStream();
        byte[] buffer = new byte[1 << 16];
        for (int read; (read = from.Read(buffer)) > 0;)
        {
            memory.Write(buffer, 0, read);
            if (memory.Length > most)
            {
                throw new InvalidDataException($"{entry.FullName} is longer than {most} bytes");
            }
        }

        return memory.ToArray();
    }
}
