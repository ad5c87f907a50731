using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ser.Stages;

/// <summary>
/// Recorded noises or impulse responses that jobs refer to by digest. Files are ordered by content, so that names, folders and the order of
/// listing do not affect results.
/// </summary>
public sealed record RecordingSet(IReadOnlyList<RecordedFile> Files)
{
    /// <summary>Creates the set from files in any order.</summary>
    public static RecordingSet Create(IEnumerable<RecordedFile> files) =>
        new([.. files.OrderBy(file => file.Digest, StringComparer.Ordinal)]);

    /// <summary>SHA-256 over the files' digests in order, lower-case hex.</summary>
    [JsonIgnore]
    public string Digest
    {
        get
        {
            string digests = string.Join('\n', Files.Select(file => file.Digest));
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(digests)));
        }
    }

    /// <summary>Serialises the set for the store.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, SpecJson.Options);

    /// <summary>Reads what <see cref="Write"/> has serialised.</summary>
    public static RecordingSet Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<RecordingSet>(json, SpecJson.Options)!;
}

/// <summary>One recording.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Digest">SHA-256 of the file, lower-case hex.</param>
public sealed record RecordedFile(string Path, string Digest);
