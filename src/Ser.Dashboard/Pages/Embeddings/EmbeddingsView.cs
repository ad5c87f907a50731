using System.Globalization;
using Ser.Domain.Corpora;
using Ser.Domain.Results;
using Ser.Domain.Selection;

namespace Ser.Dashboard.Pages.Embeddings;

/// <summary>A point of a map.</summary>
/// <param name="Index">The utterance's place in the corpus.</param>
/// <param name="X">Across.</param>
/// <param name="Y">Up.</param>
/// <param name="Group">What it is coloured by.</param>
/// <param name="IsTest">Whether the model was not trained on it.</param>
internal sealed record MapPoint(int Index, double X, double Y, string Group, bool IsTest);

/// <summary>What the page of embeddings shows, by plain functions.</summary>
internal static class EmbeddingsView
{
    /// <summary>What points may be coloured by.</summary>
    public static IReadOnlyList<string> Colourings { get; } = ["class", "speaker", "correctness"];

    // Okabe and Ito's, told apart without red and green, then paler ones for many speakers.
    private static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8c8c8c", "#B8A500", "#7a5195", "#a05a2c"];

    /// <summary>Points of one method, in corpus order; none where the projection does not have it.</summary>
    public static IReadOnlyList<MapPoint> Points(FoldProjection projection, FoldEvaluation? evaluation, Corpus corpus, string method, string colouring)
    {
        var (x, y) = method == "pca" ? (projection.Pca?.X, projection.Pca?.Y) : (projection.Tsne?.X, projection.Tsne?.Y);
        if (x is null || y is null)
        {
            return [];
        }

        var answers = Answers(evaluation);
        return [.. projection.Utterance.Select((index, at) => new MapPoint(index, x[at], y[at], colouring switch
        {
            "speaker" => corpus.Utterances[index].Speaker,
            "correctness" => answers.TryGetValue(index, out int answer) ? (answer == projection.Class[at] ? "right" : "wrong") : "trained on",
            _ => corpus.Classes[projection.Class[at]],
        }, projection.Side[at] == "test"))];
    }

    /// <summary>A map as options of a chart; chosen points stand out, all others pale while there are any.</summary>
    public static object Chart(IReadOnlyList<MapPoint> points, IReadOnlyList<string> groups, IReadOnlySet<int> chosen) => new
    {
        brush = new { toolbox = Array.Empty<string>(), xAxisIndex = 0, brushStyle = new { borderColor = "--accent", color = "rgba(120,140,220,0.15)" }, outOfBrush = new { colorAlpha = 1 } },
        toolbox = new { show = false },
        grid = new { left = 8, right = 8, top = 8, bottom = 46 },
        legend = new { bottom = 0, type = "scroll", itemHeight = 9 },
        tooltip = new { trigger = "item", formatter = "@itemTip" },
        xAxis = new { type = "value", scale = true, axisLine = new { show = false }, axisLabel = new { show = false }, axisTick = new { show = false }, splitLine = new { show = false } },
        yAxis = new { type = "value", scale = true, axisLine = new { show = false }, axisLabel = new { show = false }, axisTick = new { show = false }, splitLine = new { show = false } },
        series = Series(points, groups).Select(series => new
        {
            type = "scatter",
            name = series.Key,
            itemStyle = new { color = Colours[groups.ToList().IndexOf(series.Key) % Colours.Length] },
            data = series.Value.Select(point => new
            {
                value = (double[])[Math.Round(point.X, 2), Math.Round(point.Y, 2)],
                name = point.Index.ToString(CultureInfo.InvariantCulture),
                tip = $"{series.Key}{(point.IsTest ? ", test" : "")}",
                symbolSize = chosen.Contains(point.Index) ? 11 : point.IsTest ? 7 : 5,
                itemStyle = new { opacity = chosen.Count > 0 ? (chosen.Contains(point.Index) ? 1 : 0.12) : point.IsTest ? 0.95 : 0.35 },
            }),
        }),
    };

    /// <summary>Points by group, in the order of the groups, as the series of <see cref="Chart"/> are.</summary>
    public static IReadOnlyList<KeyValuePair<string, IReadOnlyList<MapPoint>>> Series(IReadOnlyList<MapPoint> points, IReadOnlyList<string> groups) =>
        [.. groups.Select(group => KeyValuePair.Create(group, (IReadOnlyList<MapPoint>)[.. points.Where(point => point.Group == group)])).Where(series => series.Value.Count > 0)];

    /// <summary>Groups of a colouring, in the order of their colours.</summary>
    public static IReadOnlyList<string> Groups(Corpus corpus, string colouring) => colouring switch
    {
        "speaker" => [.. corpus.Speakers.Select(speaker => speaker.Name)],
        "correctness" => ["right", "wrong", "trained on"],
        _ => corpus.Classes,
    };

    /// <summary>What a separation came to, in a line.</summary>
    public static string Told(Separation separation) => string.Create(
        CultureInfo.InvariantCulture,
        $"test utterances: silhouette {Text(separation.Silhouette)}, purity of {separation.Neighbours} neighbours {Text(separation.Purity)}, mean distance within classes {Text(separation.Intra)}, between {Text(separation.Inter)}");

    /// <summary>What the model alone answers to each utterance that it was not trained on.</summary>
    public static Dictionary<int, int> Answers(FoldEvaluation? evaluation)
    {
        var answers = new Dictionary<int, int>();
        foreach (var queries in evaluation is null ? [] : (QuerySet[])[evaluation.Validation, evaluation.Test])
        {
            for (int query = 0; query < queries.Count; query++)
            {
                answers[queries.Utterance[query]] = Interpolation.Winner(queries.Probabilities[query]);
            }
        }

        return answers;
    }

    private static string Text(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "not defined";
}
