using Ser.Domain.Jobs;

namespace Ser.Dashboard.Pages.Fold;

/// <summary>Options of the two charts with the learning curve of a fold.</summary>
internal static class FoldCurves
{
    public const string Training = "training loss", Validation = "validation loss", Wa = "validation WA", Ua = "validation UA";

    private const int MaxDrops = 12;

    private static readonly Series[] LossSeries =
        [new(Training, "--accent", point => point.Loss), new(Validation, "--minus", point => point.ValidationLoss)];

    private static readonly Series[] AccuracySeries =
        [new(Wa, "--accent", point => point.ValidationWa), new(Ua, "--minus", point => point.ValidationUa)];

    /// <summary>Chart of the losses by epoch.</summary>
    public static object Losses(IReadOnlyList<EpochPoint> points, int epochs) =>
        Options(points, epochs, LossSeries, percent: false);

    /// <summary>Chart of the validation accuracies by epoch.</summary>
    public static object Accuracies(IReadOnlyList<EpochPoint> points, int epochs) =>
        Options(points, epochs, AccuracySeries, percent: true);

    /// <summary>Points to append to the chart of losses, by series.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<double[]>> NewLosses(IReadOnlyList<EpochPoint> points) =>
        NewPoints(points, LossSeries);

    /// <summary>Points to append to the chart of accuracies, by series.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<double[]>> NewAccuracies(IReadOnlyList<EpochPoint> points) =>
        NewPoints(points, AccuracySeries);

    private static Dictionary<string, IReadOnlyList<double[]>> NewPoints(IReadOnlyList<EpochPoint> points, Series[] series) =>
        series.ToDictionary(one => one.Name, one => one.Points(points));

    private static object Options(IReadOnlyList<EpochPoint> points, int epochs, Series[] series, bool percent) => new
    {
        grid = new { left = 46, right = 14, top = 30, bottom = 34 },
        legend = new { top = 0, itemHeight = 8 },
        tooltip = new { trigger = "axis", formatter = percent ? "@curvesTip" : null, valueFormatter = percent ? null : "@number" },
        xAxis = new
        {
            type = "value",
            name = "epoch",
            nameLocation = "middle",
            nameGap = 20,
            min = 1,
            max = Math.Max(2, epochs),
            minInterval = 1,
        },
        yAxis = new { type = "value", scale = true, axisLabel = new { formatter = percent ? "@percent0" : "@number" } },
        series = series.Select((one, i) => new
        {
            type = "line",
            name = one.Name,
            symbolSize = points.Count < 20 ? 5 : 0.1,
            itemStyle = new { color = one.Colour },
            lineStyle = new { color = one.Colour, width = 1.8 },
            data = one.Points(points),
            markLine = i > 0 ? null : LearningRateDrops(points),
        }),
    };

    // Vertical lines where the learning rate drops; none if there are too many to be readable.
    private static object? LearningRateDrops(IReadOnlyList<EpochPoint> points)
    {
        var drops = FoldView.LearningRateDrops(points);
        return drops.Count is 0 or > MaxDrops ? null : new
        {
            symbol = "none",
            silent = true,
            lineStyle = new { color = "--soft", type = "dotted" },
            data = drops.Select((epoch, i) => new
            {
                xAxis = epoch,
                label = new { show = i == 0, formatter = "learning rate drops", color = "--soft", fontSize = 10 },
            }),
        };
    }

    private sealed record Series(string Name, string Colour, Func<EpochPoint, double> Value)
    {
        public IReadOnlyList<double[]> Points(IReadOnlyList<EpochPoint> points) =>
            [.. points.Select(point => (double[])[point.Epoch, Value(point)])];
    }
}
