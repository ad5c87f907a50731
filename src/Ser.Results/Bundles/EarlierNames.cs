using System.Text.Json.Nodes;

namespace Ser.Results.Bundles;

/// <summary>
/// Translates names in plan.json that versions before the first release wrote, so that their bundles can still be read. The format's
/// number is the same.
/// </summary>
internal static class EarlierNames
{
    private static readonly Dictionary<string, string> Outcomes = new(StringComparer.Ordinal)
    {
        ["offered"] = "completed",
        ["putOff"] = "snoozed",
        ["handedBack"] = "released",
    };

    /// <summary>Replaces them in the jobs of a plan.</summary>
    public static void Replace(JsonNode? plan)
    {
        foreach (var entry in (plan as JsonArray ?? []).OfType<JsonObject>())
        {
            if (entry["job"] is JsonObject job && job.Remove("aside", out var eliminated))
            {
                job.TryAdd("eliminatedByHalving", eliminated);
            }

            foreach (var attempt in (entry["attempts"] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (attempt["outcome"] is JsonValue outcome
                    && outcome.TryGetValue(out string? name)
                    && Outcomes.TryGetValue(name, out string? current))
                {
                    attempt["outcome"] = current;
                }
            }
        }
    }
}
