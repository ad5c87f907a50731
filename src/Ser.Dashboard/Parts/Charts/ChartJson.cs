using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ser.Dashboard.Parts.Charts;

/// <summary>How options of charts are written: names as ECharts has them, doubles that are no numbers as nothing.</summary>
internal static class ChartJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new Rounded() },
    };

    public static string Of(object options) => JsonSerializer.Serialize(options, Options);

    // Six digits are more than any screen shows, and a third of the bytes.
    private sealed class Rounded : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
            {
                writer.WriteNumberValue(Math.Round(value, 6));
            }
            else
            {
                writer.WriteNullValue();
            }
        }
    }
}
