using System.Globalization;
using Ser.Domain.Corpora;
using Ser.Domain.Results;
using Ser.Domain.Selection;

namespace Ser.Dashboard.Pages.Embeddings;

/// <summary>A point of a map.</summary>
/// <param name="Index">Position of the utterance in the corpus.</param>
/// <param name="X">Horizontal coordinate.</param>
/// <param name="Y">Vertical coordinate.</param>
/// <param name="Group">The group that determines its colour.</param>
/// <param name="IsTest">Whether the utterance is a test utterance of the fold.</param>
internal sealed record MapPoint(int Index, double X, double Y, string Group, bool IsTest);

/// <summary>Computes what the page of embeddings shows.</summary>
internal static class EmbeddingsView
{
    /// <summary>The properties by which points can be coloured.</summary>
    public static IReadOnlyList<string> Colourings { get; } = ["class", "speaker", "correctness"];

    // The palette of Okabe and Ito, which is suitable for colour-blind readers, followed by further colours for many speakers.
    private static readonly string[] Colours =
        ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8c8c8c", "#B8A500", "#7a5195", "#a05a2c"];

    /// <summary>Points of one method in corpus order; empty if the projection lacks the method.</summary>
    public static IReadOnlyList<MapPoint> Points(
        FoldProjection projection, FoldEvaluation? evaluation, Corpus corpus, string method, string colouring)
    {
        var (x, y) = method == "pca" ? (projection.Pca?.X, projection.Pca?.Y) : (projection.Tsne?.X, projection.Tsne?.Y);
        if (x is null || y is null)
        {
            return [];
        }

        var predictions = Predictions(evaluation);
        return [.. projection.Utterance.Select((index, i) =>
            new MapPoint(index, x[i], y[i], Group(index, i), projection.Side[i] == "test"))];

        string Correctness(int index, int truth) =>
            !predictions.TryGetValue(index, out int predicted) ? "trained on" : predicted == truth ? "right" : "wrong";

        string Group(int index, int i) => colouring switch
        {
            "speaker" => corpus.Utterances[index].Speaker,
            "correctness" => Correctness(index, projection.Class[i]),
            _ => corpus.Classes[projection.Class[i]],
        };
    }

    /// <summary>Options of a map. Selected points are emphasised, and the others are faded as long as any are selected.</summary>
    public static object Chart(IReadOnlyList<MapPoint> points, IReadOnlyList<string> groups, IReadOnlySet<int> selected) => new
    {
        brush = new
        {
            toolbox = Array.Empty<string>(),
            xAxisIndex = 0,
            brushStyle = new { borderColor = "--accent", color = "rgba(120,140,220,0.15)" },
            outOfBrush = new { colorAlpha = 1 },
        },
        toolbox = new { show = false },
        grid = new { left = 8, right = 8, top = 8, bottom = 46 },
        legend = new { bottom = 0, type = "scroll", itemHeight = 9 },
        tooltip = new { trigger = "item", formatter = "@itemTip" },
        xAxis = HiddenAxis(),
        yAxis = HiddenAxis(),
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
                symbolSize = selected.Contains(point.Index) ? 11 : point.IsTest ? 7 : 5,
                itemStyle = new { opacity = Opacity(point, selected) },
            }),
        }),
    };

    /// <summary>Points by group, in the order of the groups, without empty groups. They are the series of <see cref="Chart"/>.</summary>
    public static IReadOnlyList<KeyValuePair<string, IReadOnlyList<MapPoint>>> Series(
        IReadOnlyList<MapPoint> points, IReadOnlyList<string> groups)
    {
        IReadOnlyList<MapPoint> PointsOf(string group) => [.. points.Where(point => point.Group == group)];
        return [.. groups.Select(group => KeyValuePair.Create(group, PointsOf(group))).Where(series => series.Value.Count > 0)];
    }

    /// <summary>Groups of a colouring, in the order of their colours.</summary>
    public static IReadOnlyList<string> Groups(Corpus corpus, string colouring) => colouring switch
    {
        "speaker" => [.. corpus.Speakers.Select(speaker => speaker.Name)],
        "correctness" => ["right", "wrong", "trained on"],
        _ => corpus.Classes,
    };

    /// <summary>The measures of a separation in one line.</summary>
    public static string DescribeSeparation(Separation separation) =>
        $"Test utterances: silhouette {Text(separation.Silhouette)}, "
        + $"purity of {separation.Neighbours} neighbours {Text(separation.Purity)}, "
        + $"mean distance within classes {Text(separation.Intra)}, between classes {Text(separation.Inter)}";

    /// <summary>Predictions of the model alone for the utterances that it was not trained on, by position in the corpus.</summary>
    public static Dictionary<int, int> Predictions(FoldEvaluation? evaluation)
    {
        var predictions = new Dictionary<int, int>();
        foreach (var queries in evaluation is null ? [] : (QuerySet[])[evaluation.Validation, evaluation.Test])
        {
            for (int query = 0; query < queries.Count; query++)
            {
                predictions[queries.Utterance[query]] = Interpolation.MostProbableClass(queries.Probabilities[query]);
            }
        }

        return predictions;
    }

    private static double Opacity(MapPoint point, IReadOnlySet<int> selected)
    {
        if (selected.Count > 0)
        {
            return selected.Contains(point.Index) ? 1 : 0.12;
        }

        return point.IsTest ? 0.95 : 0.35;
    }

    // The coordinates of projections have no meaning, so their axes are not drawn.
    private static object HiddenAxis()
    {
        var hidden = new { show = false };
        return new { type = "value", scale = true, axisLine = hidden, axisLabel = hidden, axisTick = hidden, splitLine = hidden };
    }

    private static string Text(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "not defined";
}
