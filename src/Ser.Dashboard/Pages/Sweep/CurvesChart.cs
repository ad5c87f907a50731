using System.Globalization;
using Ser.Domain.Jobs;
using Ser.Domain.Measures;

namespace Ser.Dashboard.Pages.Sweep;

/// <summary>The learning curve of a fold.</summary>
internal sealed record Curve(int Fold, IReadOnlyList<EpochPoint> Points);

/// <summary>
/// Chart of an arm's learning curves: a thin line for each fold, and mean and standard deviation over the folds that have reached an
/// epoch.
/// </summary>
internal static class CurvesChart
{
    // The band from mean − sd to mean + sd is drawn as two stacked series: an invisible one up to its lower edge and a filled one.
    private const string Mean = "mean", Low = "_low", Band = "_band";
    private const int MaxDrops = 8;

    /// <summary>Name of the series of a fold.</summary>
    public static string SeriesName(int fold) => $"fold {fold}";

    /// <summary>Options of the chart.</summary>
    /// <param name="curves">Curves of the folds that have at least one point.</param>
    /// <param name="epochs">The last epoch of the x axis.</param>
    public static object Options(IReadOnlyList<Curve> curves, int epochs)
    {
        var spreads = Spreads(curves, from: 1);
        return new
        {
            Grid = new { Left = 44, Right = 14, Top = 10, Bottom = 36 },
            Tooltip = new { Trigger = "axis", Formatter = "@curvesTip", Order = "valueDesc" },
            XAxis = new
            {
                Type = "category",
                Name = "epoch",
                NameLocation = "middle",
                NameGap = 22,
                BoundaryGap = false,
                Data = Enumerable.Range(1, epochs).Select(epoch => epoch.ToString(CultureInfo.InvariantCulture)),
            },
            YAxis = new { Type = "value", Name = "", Scale = true, AxisLabel = new { Formatter = "@percent0" } },
            Series = (object[])
            [
                .. curves.Select(FoldSeries),
                new
                {
                    Name = Low, Type = "line", Stack = "band", Silent = true, ShowSymbol = false, LineStyle = new { Opacity = 0 },
                    Data = LowPoints(spreads), Z = 1,
                },
                new
                {
                    Name = Band, Type = "line", Stack = "band", Silent = true, ShowSymbol = false, LineStyle = new { Opacity = 0 },
                    AreaStyle = new { Color = "--info", Opacity = 0.18 }, Data = BandPoints(spreads), Z = 1,
                },
                MeanSeries(spreads, LearningRateDrops(curves)),
            ],
        };
    }

    /// <summary>The points to append to a drawn chart: new points of the folds, and the changed points of mean and band.</summary>
    /// <param name="curves">The current curves.</param>
    /// <param name="drawn">Number of drawn points by fold.</param>
    /// <returns>Points by series; null if points have disappeared, so that the chart must be redrawn.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyList<double[]>>? NewPoints(
        IReadOnlyList<Curve> curves, IReadOnlyDictionary<int, int> drawn)
    {
        if (curves.Any(curve => !drawn.TryGetValue(curve.Fold, out int points) || points > curve.Points.Count))
        {
            return null;
        }

        IReadOnlyList<EpochPoint> Undrawn(Curve curve) => [.. curve.Points.Skip(drawn[curve.Fold])];
        var added = curves.ToDictionary(curve => curve.Fold, Undrawn).Where(fold => fold.Value.Count > 0).ToList();
        if (added.Count == 0)
        {
            return new Dictionary<string, IReadOnlyList<double[]>>();
        }

        var series = added.ToDictionary(fold => SeriesName(fold.Key), fold => Points(fold.Value));
        var epochs = added.SelectMany(fold => fold.Value).Select(point => point.Epoch).ToHashSet();
        var changed = Spreads(curves, epochs.Min()).Where(spread => epochs.Contains(spread.Epoch)).ToList();
        series[Low] = LowPoints(changed);
        series[Band] = BandPoints(changed);
        series[Mean] = MeanPoints(changed);
        return series;
    }

    /// <summary>The first few epochs at which the learning rate of some fold has dropped to half or less.</summary>
    public static IReadOnlyList<int> LearningRateDrops(IReadOnlyList<Curve> curves)
    {
        var drops = curves.SelectMany(curve => Fold.FoldView.LearningRateDrops(curve.Points));
        return [.. drops.Distinct().Order().Take(MaxDrops)];
    }

    private static object FoldSeries(Curve curve) => new
    {
        Name = SeriesName(curve.Fold),
        Type = "line",
        ShowSymbol = curve.Points.Count == 1,
        Data = Points(curve.Points),
        LineStyle = new { Width = 1, Opacity = 0.55 },
        Emphasis = new { LineStyle = new { Width = 2 } },
    };

    private static object MeanSeries(IReadOnlyList<EpochSpread> spreads, IReadOnlyList<int> drops) => new
    {
        Name = Mean,
        Type = "line",
        ShowSymbol = false,
        Data = MeanPoints(spreads),
        Color = "--info",
        LineStyle = new { Width = 3, Color = "--info" },
        Z = 5,
        MarkLine = new
        {
            Silent = true,
            Symbol = "none",
            LineStyle = new { Type = "dashed", Color = "--soft", Opacity = 0.6 },
            Label = new { Show = true, Formatter = "lr ↓", Position = "insideEndTop", Color = "--soft", FontSize = 10 },
            Data = drops.Select(epoch => new { XAxis = epoch - 1 }),
        },
    };

    // x is the position of the epoch on the category axis, from 0, because ECharts stacks series only on a category axis.
    private static IReadOnlyList<double[]> Points(IReadOnlyList<EpochPoint> points) =>
        [.. points.Select(point => new[] { point.Epoch - 1, Math.Round(point.ValidationUa, 4) })];

    private static IReadOnlyList<double[]> LowPoints(IReadOnlyList<EpochSpread> spreads) =>
        [.. spreads.Select(spread => new[] { spread.Epoch - 1, spread.Mean - spread.Sd })];

    private static IReadOnlyList<double[]> BandPoints(IReadOnlyList<EpochSpread> spreads) =>
        [.. spreads.Select(spread => new[] { spread.Epoch - 1, 2 * spread.Sd })];

    private static IReadOnlyList<double[]> MeanPoints(IReadOnlyList<EpochSpread> spreads) =>
        [.. spreads.Select(spread => new[] { spread.Epoch - 1, spread.Mean })];

    private static List<EpochSpread> Spreads(IReadOnlyList<Curve> curves, int from)
    {
        var points = curves.SelectMany(curve => curve.Points).Where(point => point.Epoch >= from);
        return [.. points.GroupBy(point => point.Epoch).OrderBy(epoch => epoch.Key).Select(epoch =>
        {
            var spread = Spread.FromValues([.. epoch.Select(point => point.ValidationUa)]);
            return new EpochSpread(epoch.Key, Math.Round(spread.Mean, 4), Math.Round(spread.Sd ?? 0, 4));
        })];
    }

    private sealed record EpochSpread(int Epoch, double Mean, double Sd);
}
