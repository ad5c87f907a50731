using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ser.Domain.Measures;

namespace Ser.Reporting.Results;

/// <summary>Results as JSON, with the field names that other programs rely on.</summary>
public static class ResultsJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new ConfusionConverter() },
    };

    /// <summary>One JSON document.</summary>
    public static string Write(SweepResults results) => JsonSerializer.Serialize(results, Options);

    // Writes a confusion as its counts alone.
    private sealed class ConfusionConverter : JsonConverter<Confusion>
    {
        public override Confusion Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            new(JsonSerializer.Deserialize<int[][]>(ref reader, options)!);

        public override void Write(Utf8JsonWriter writer, Confusion value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Counts, options);
    }
}
