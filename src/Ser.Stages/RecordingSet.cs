using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ser.Stages;

/// <summary>Recorded noises or impulse responses that jobs name by digest. Ordered by content, so that names, places and the order of listing do not decide a result.</summary>
public sealed record RecordingSet(IReadOnlyList<RecordedFile> Files)
{
    /// <summary>Of files in any order.</summary>
    public static RecordingSet Of(IEnumerable<RecordedFile> files) => new([.. files.OrderBy(file => file.Digest, StringComparer.Ordinal)]);

    /// <summary>SHA-256 over the files' digests in order, lower-case hex.</summary>
    [JsonIgnore]
    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', Files.Select(file => file.Digest)))));

    /// <summary>As it is stored.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, SpecJson.Options);

    /// <summary>From what is stored.</summary>
    public static RecordingSet Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<RecordingSet>(json, SpecJson.Options)!;
}

/// <summary>One recording.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Digest">SHA-256 of the file, lower-case hex.</param>
public sealed record RecordedFile(string Path, string Digest);
