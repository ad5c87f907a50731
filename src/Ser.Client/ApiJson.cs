using System.Text.Json;
using System.Text.Json.Serialization;
using Ser.Stages;

namespace Ser.Client;

/// <summary>How the API's documents are written and read, on both sides.</summary>
public static class ApiJson
{
    /// <summary>As specifications are, and enumerations by name.</summary>
    public static JsonSerializerOptions Options { get; } = new(SpecJson.Options)
    {
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
