using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ser.Stages;

/// <summary>Serialises specifications and small artifacts as JSON.</summary>
public static class SpecJson
{
    /// <summary>Member names in camelCase; nulls are left out.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Serialises a specification.</summary>
    public static JsonObject ToNode<T>(T spec) => JsonSerializer.SerializeToNode(spec, Options)!.AsObject();

    /// <summary>Deserialises a specification.</summary>
    public static T Read<T>(JsonObject spec) => spec.Deserialize<T>(Options)!;

    /// <summary>Writes a small artifact.</summary>
    public static void WriteFile<T>(string path, T value) => File.WriteAllBytes(path, JsonSerializer.SerializeToUtf8Bytes(value, Options));

    /// <summary>Reads a small artifact.</summary>
    public static T ReadFile<T>(string path) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Options)!;
}

/// <summary>The speakers of a fold. Test speakers are null for stages that do not depend on them.</summary>
public sealed record FoldSpec(IReadOnlyList<string> Train, IReadOnlyList<string> Validation, IReadOnlyList<string>? Test = null);
