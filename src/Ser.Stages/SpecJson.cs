using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ser.Stages;

/// <summary>How specifications and small artifacts become JSON.</summary>
public static class SpecJson
{
    /// <summary>camelCase, nulls left out.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>A specification's JSON.</summary>
    public static JsonObject Of<T>(T spec) => JsonSerializer.SerializeToNode(spec, Options)!.AsObject();

    /// <summary>A specification from its JSON.</summary>
    public static T Read<T>(JsonObject spec) => spec.Deserialize<T>(Options)!;

    /// <summary>Writes a small artifact.</summary>
    public static void WriteFile<T>(string path, T value) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(value, Options));

    /// <summary>Reads a small artifact.</summary>
    public static T ReadFile<T>(string path) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Options)!;
}

/// <summary>Speakers on the sides of a fold, as far as a stage depends on them.</summary>
public sealed record FoldSpec(IReadOnlyList<string> Train, IReadOnlyList<string> Validation, IReadOnlyList<string>? Test = null);
