using System.Text.Json;
using Ser.Domain.Corpora;

namespace Ser.Stages;

/// <summary>The index of a corpus as an input that jobs name by digest.</summary>
public static class CorpusFile
{
    /// <summary>As it is stored.</summary>
    public static byte[] Write(Corpus corpus) => JsonSerializer.SerializeToUtf8Bytes(corpus, SpecJson.Options);

    /// <summary>From what is stored.</summary>
    public static Corpus Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<Corpus>(json, SpecJson.Options)!;
}

/// <summary>Where a weights file is.</summary>
public sealed record WeightsFile(string Path)
{
    /// <summary>As it is stored.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, SpecJson.Options);

    /// <summary>From what is stored.</summary>
    public static WeightsFile Read(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<WeightsFile>(json, SpecJson.Options)!;
}
