using System.Text.Json;
using System.Text.Json.Serialization;
using Ser.Stages;

namespace Ser.Client;

/// <summary>JSON options of the API, for server and client.</summary>
public static class ApiJson
{
    /// <summary>The options of specifications, with enumerations as camel-case names.</summary>
    public static JsonSerializerOptions Options { get; } = new(SpecJson.Options)
    {
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };
}
