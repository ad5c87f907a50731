using System.Globalization;
using System.Text.Json.Nodes;
using Ser.Reporting;
using Ser.Reporting.Results;

namespace Ser.Dashboard.Pages.Compare;

/// <summary>A setting that is not the same on both sides; null where a side does not have it.</summary>
internal sealed record Difference(string Setting, string? A, string? B);

/// <summary>What the comparison of two rows shows, by plain functions.</summary>
internal static class CompareView
{
    /// <summary>Settings that differ: those of the experiments, then those of the rows.</summary>
    public static IReadOnlyList<Difference> Differences(JsonObject experimentA, JsonObject experimentB, ResultRow a, ResultRow b)
    {
        var (left, right) = (Flat(experimentA), Flat(experimentB));
        return [.. left.Keys.Union(right.Keys).Select(key => new Difference(key, left.GetValueOrDefault(key), right.GetValueOrDefault(key))).Where(one => one.A != one.B), .. Rows(a, b)];
    }

    /// <summary>Bars of the folds' differences of UA, second less first.</summary>
    public static object Chart(PairedRows pair) => new
    {
        grid = new { left = 46, right = 12, top = 14, bottom = 34 },
        tooltip = new { trigger = "item", formatter = "@itemTip" },
        xAxis = new { type = "category", name = "fold", nameLocation = "middle", nameGap = 20, data = pair.Folds.Select(fold => fold.Fold) },
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

    private static IEnumerable<Difference> Rows(ResultRow a, ResultRow b)
    {
        (string Name, Func<ResultRow, string?> Of)[] settings =
        [
            ("row: λ", row => Text(row.Lambda)), ("row: augmentation", row => row.Augmentation), ("row: encoder", row => row.Encoder), ("row: profile", row => row.Profile),
            ("row: seed", row => row.Seed is { } seed ? seed.ToString(CultureInfo.InvariantCulture) : $"mean of {row.Seeds}"), ("row: inference", row => row.Inference),
            ("row: selection", row => row.Selection), ("row: weighting", row => row.Weighting), ("row: k", row => row.K?.ToString(CultureInfo.InvariantCulture)), ("row: α", row => Text(row.Alpha)),
        ];
        return settings.Select(setting => new Difference(setting.Name, setting.Of(a), setting.Of(b))).Where(one => one.A != one.B);
    }

    private static string? Text(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture);

    // Every leaf by its dotted key; a list is one leaf. The name of a sweep is no setting.
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
