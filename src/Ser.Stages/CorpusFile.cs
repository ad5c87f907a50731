using System.Text.Json;
using Ser.Domain.Corpora;

namespace Ser.Stages;

/// <summary>The index of a corpus, stored as an input that jobs refer to by digest.</summary>
public static class CorpusFile
{
    /// <summary>Serialises it for the store.</summary>
    public static byte[] Write(Corpus corpus) => JsonSerializer.SerializeToUtf8Bytes(corpus, SpecJson.Options);

    /// <summary>Reads what <c>Write</c> has serialised.</summary>
    public static Corpus Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<Corpus>(json, SpecJson.Options)!;
}

/// <summary>The path of a weights file, stored as an input that jobs refer to by the digest of the weights.</summary>
public sealed record WeightsFile(string Path)
{
    /// <summary>Serialises it for the store.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, SpecJson.Options);

    /// <summary>Reads what <c>Write</c> has serialised.</summary>
    public static WeightsFile Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<WeightsFile>(json, SpecJson.Options)!;
}
