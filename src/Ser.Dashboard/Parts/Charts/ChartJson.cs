using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ser.Dashboard.Parts.Charts;

/// <summary>Serialises options of charts: names in camel case as ECharts expects, NaN and infinity as null.</summary>
internal static class ChartJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new Rounded() },
    };

    public static string Serialize(object options) => JsonSerializer.Serialize(options, Options);

    // Rounds to six decimals, which is more than a screen can show and saves two thirds of the bytes.
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
