using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ser.Domain.Jobs;

/// <summary>
/// Writes equal JSON values as equal text: keys in ordinal order, no white space, numbers in their shortest form, null members left out.
/// Job ids are hashes of this text, so its format must never change.
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonSerializerOptions StringOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes <paramref name="node"/> as canonical JSON.</summary>
    public static string Write(JsonNode? node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                text.Append('{');
                string separator = "";
                foreach (var (key, value) in members.OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    // A field that is added later is null at its default value, so the ids of older jobs stay the same.
                    if (value is null)
                    {
                        continue;
                    }

                    text.Append(separator).Append(JsonSerializer.Serialize(key, StringOptions)).Append(':');
                    Append(text, value);
                    separator = ",";
                }

                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                for (int i = 0; i < items.Count; i++)
                {
                    text.Append(i == 0 ? "" : ",");
                    Append(text, items[i]);
                }

                text.Append(']');
                break;
            case null:
                text.Append("null");
                break;
            default:
                text.Append(Scalar(node));
                break;
        }
    }

    private static string Scalar(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Number => Number(node),
        JsonValueKind.String => JsonSerializer.Serialize(node.GetValue<string>(), StringOptions),
        JsonValueKind.True => "true",
        _ => "false",
    };

    // 1, 1.0 and 1e0 are the same number and must have the same text.
    private static string Number(JsonNode node)
    {
        string text = node.ToJsonString();
        return long.TryParse(text, CultureInfo.InvariantCulture, out long whole)
            ? whole.ToString(CultureInfo.InvariantCulture)
            : double.Parse(text, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture);
    }
}
