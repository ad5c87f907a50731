using System.Globalization;
using System.Text.Json.Nodes;
using Ser.Reporting;
using Ser.Reporting.Results;

namespace Ser.Dashboard.Pages.Compare;

/// <summary>A setting that differs between two sides.</summary>
/// <param name="Setting">Dotted key of the setting.</param>
/// <param name="A">Value of the first side; null if it lacks the setting.</param>
/// <param name="B">Value of the second side; null if it lacks the setting.</param>
internal sealed record SettingDifference(string Setting, string? A, string? B);

/// <summary>Computes what the comparison of two rows shows.</summary>
internal static class CompareView
{
    /// <summary>Settings that differ: first those of the experiments, then those of the rows.</summary>
    public static IReadOnlyList<SettingDifference> Differences(JsonObject experimentA, JsonObject experimentB, ResultRow a, ResultRow b)
    {
        var (left, right) = (Flat(experimentA), Flat(experimentB));
        var settings = left.Keys.Union(right.Keys)
            .Select(key => new SettingDifference(key, left.GetValueOrDefault(key), right.GetValueOrDefault(key)));
        return [.. settings.Where(setting => setting.A != setting.B), .. Rows(a, b)];
    }

    /// <summary>A bar chart of the differences of UA by fold, second minus first.</summary>
    public static object Chart(ComparedRows pair) => new
    {
        grid = new { left = 46, right = 12, top = 14, bottom = 34 },
        tooltip = new { trigger = "item", formatter = "@itemTip" },
        xAxis = new
        {
            type = "category",
            name = "fold",
            nameLocation = "middle",
            nameGap = 20,
            data = pair.Folds.Select(fold => fold.Fold),
        },
        yAxis = new { type = "value", axisLabel = new { formatter = "@percent0" } },
        series = (object[])
        [
            new
            {
                type = "bar",
                name = "ΔUA",
                data = pair.Folds.Select(fold => new
                {
                    value = fold.UaB - fold.UaA,
                    tip = $"fold {fold.Fold}, {string.Join(", ", fold.TestSpeakers)}: {Cell.Points(fold.UaB - fold.UaA).Text} points of UA",
                    itemStyle = new { color = fold.UaB >= fold.UaA ? "--plus" : "--minus" },
                }),
                markLine = new
                {
                    symbol = "none",
                    silent = true,
                    label = new { formatter = "pooled", color = "--soft", fontSize = 10, position = "insideEndTop" },
                    lineStyle = new { color = "--soft", type = "dashed" },
                    data = (object[])[new { yAxis = pair.Comparison.DeltaUa }],
                },
            },
        ],
    };

    private static IEnumerable<SettingDifference> Rows(ResultRow a, ResultRow b)
    {
        SettingDifference[] settings =
        [
            new("row: λ", Text(a.Lambda), Text(b.Lambda)),
            new("row: augmentation", a.Augmentation, b.Augmentation),
            new("row: encoder", a.Encoder, b.Encoder),
            new("row: profile", a.Profile, b.Profile),
            new("row: seed", SeedText(a), SeedText(b)),
            new("row: inference", a.Inference, b.Inference),
            new("row: selection", a.Selection, b.Selection),
            new("row: weighting", a.Weighting, b.Weighting),
            new("row: k", a.K?.ToString(CultureInfo.InvariantCulture), b.K?.ToString(CultureInfo.InvariantCulture)),
            new("row: α", Text(a.Alpha), Text(b.Alpha)),
        ];
        return settings.Where(setting => setting.A != setting.B);
    }

    private static string SeedText(ResultRow row) =>
        row.Seed is { } seed ? seed.ToString(CultureInfo.InvariantCulture) : $"mean of {row.Seeds}";

    private static string? Text(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture);

    // Every leaf by its dotted key; a list counts as one leaf. The name of the sweep is left out, since it is not a setting.
    private static Dictionary<string, string> Flat(JsonNode? node, string path = "")
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (node is JsonObject children)
        {
            foreach (var (name, child) in children)
            {
                foreach (var (key, value) in Flat(child, path.Length == 0 ? name : $"{path}.{name}"))
                {
                    found[key] = value;
                }
            }
        }
        else if (path != "name")
        {
            found[path] = node?.ToJsonString() ?? "null";
        }

        return found;
    }
}
