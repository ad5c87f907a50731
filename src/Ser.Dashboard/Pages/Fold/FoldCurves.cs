using Ser.Domain.Jobs;

namespace Ser.Dashboard.Pages.Fold;

/// <summary>The learning curve of a fold as options of two charts.</summary>
internal static class FoldCurves
{
    public const string Training = "training loss", Validation = "validation loss", Wa = "validation WA", Ua = "validation UA";

    private static readonly (string Name, string Colour, Func<EpochPoint, double> Of)[] LossSeries =
        [(Training, "--accent", point => point.Loss), (Validation, "--minus", point => point.ValidationLoss)];

    private static readonly (string Name, string Colour, Func<EpochPoint, double> Of)[] AccuracySeries =
        [(Wa, "--accent", point => point.ValidationWa), (Ua, "--minus", point => point.ValidationUa)];

    /// <summary>Losses by epoch.</summary>
    public static object Losses(IReadOnlyList<EpochPoint> points, int epochs) => Options(points, epochs, LossSeries, percent: false);

    /// <summary>Accuracies on validation by epoch.</summary>
    public static object Accuracies(IReadOnlyList<EpochPoint> points, int epochs) => Options(points, epochs, AccuracySeries, percent: true);

    /// <summary>New points of the losses, by series.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<double[]>> NewLosses(IReadOnlyList<EpochPoint> points) => New(points, LossSeries);

    /// <summary>New points of the accuracies, by series.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<double[]>> NewAccuracies(IReadOnlyList<EpochPoint> points) => New(points, AccuracySeries);

    private static Dictionary<string, IReadOnlyList<double[]>> New(IReadOnlyList<EpochPoint> points, (string Name, string Colour, Func<EpochPoint, double> Of)[] series) =>
        series.ToDictionary(one => one.Name, one => (IReadOnlyList<double[]>)[.. points.Select(point => (double[])[point.Epoch, one.Of(point)])]);

    private static object Options(IReadOnlyList<EpochPoint> points, int epochs, (string Name, string Colour, Func<EpochPoint, double> Of)[] series, bool percent) => new
    {
        grid = new { left = 46, right = 14, top = 30, bottom = 34 },
        legend = new { top = 0, itemHeight = 8 },
        tooltip = new { trigger = "axis", formatter = percent ? "@curvesTip" : null, valueFormatter = percent ? null : "@number" },
        xAxis = new { type = "value", name = "epoch", nameLocation = "middle", nameGap = 20, min = 1, max = Math.Max(2, epochs), minInterval = 1 },
        yAxis = new { type = "value", scale = true, axisLabel = new { formatter = percent ? "@percent0" : "@number" } },
        series = series.Select((one, i) => new
        {
            type = "line",
            name = one.Name,
            symbolSize = points.Count < 20 ? 5 : 0.1,
            itemStyle = new { color = one.Colour },
            lineStyle = new { color = one.Colour, width = 1.8 },
            data = points.Select(point => (double[])[point.Epoch, one.Of(point)]),
            markLine = i > 0 || FoldView.Drops(points) is { Count: 0 } or { Count: > 12 } ? null : new
            {
                symbol = "none",
                silent = true,
                lineStyle = new { color = "--soft", type = "dotted" },
                data = FoldView.Drops(points).Select((epoch, at) => new { xAxis = epoch, label = new { show = at == 0, formatter = "learning rate falls", color = "--soft", fontSize = 10 } }),
            },
        }),
    };
}
