using System.Globalization;
using Ser.Domain.Jobs;
using Ser.Domain.Measures;

namespace Ser.Dashboard.Pages.Sweep;

/// <summary>A fold's learning curve.</summary>
internal sealed record Curve(int Fold, IReadOnlyList<EpochPoint> Points);

/// <summary>Learning curves of an arm as a chart: a thin line for each fold, mean and one standard deviation over the folds that have reached an epoch.</summary>
internal static class CurvesChart
{
    private const string Mean = "mean";
    private const string Low = "_low";
    private const string Band = "_band";
    private const int MostFalls = 8;

    /// <summary>Name of a fold's series.</summary>
    public static string Name(int fold) => $"fold {fold}";

    /// <summary>The whole chart.</summary>
    /// <param name="curves">Of the folds that have any point.</param>
    /// <param name="epochs">Width: the last epoch that may come.</param>
    public static object Options(IReadOnlyList<Curve> curves, int epochs)
    {
        var mean = Spreads(curves, from: 1);
        return new
        {
            Grid = new { Left = 44, Right = 14, Top = 10, Bottom = 36 },
            Tooltip = new { Trigger = "axis", Formatter = "@curvesTip", Order = "valueDesc" },
            XAxis = new { Type = "category", Name = "epoch", NameLocation = "middle", NameGap = 22, BoundaryGap = false, Data = Enumerable.Range(1, epochs).Select(epoch => epoch.ToString(CultureInfo.InvariantCulture)) },
            YAxis = new { Type = "value", Name = "", Scale = true, AxisLabel = new { Formatter = "@percent0" } },
            Series = (object[])
            [
                .. curves.Select(curve => (object)new
                {
                    Name = Name(curve.Fold), Type = "line", ShowSymbol = curve.Points.Count == 1, Data = Points(curve.Points), LineStyle = new { Width = 1, Opacity = 0.55 }, Emphasis = new { LineStyle = new { Width = 2 } },
                }),
                new { Name = Low, Type = "line", Stack = "band", Silent = true, ShowSymbol = false, LineStyle = new { Opacity = 0 }, Data = mean.Select(m => new[] { m.Epoch - 1, m.Mean - m.Sd }), Z = 1 },
                new { Name = Band, Type = "line", Stack = "band", Silent = true, ShowSymbol = false, LineStyle = new { Opacity = 0 }, AreaStyle = new { Color = "--info", Opacity = 0.18 }, Data = mean.Select(m => new[] { m.Epoch - 1, 2 * m.Sd }), Z = 1 },
                new
                {
                    Name = Mean, Type = "line", ShowSymbol = false, Data = mean.Select(m => new[] { m.Epoch - 1, m.Mean }), Color = "--info", LineStyle = new { Width = 3, Color = "--info" }, Z = 5,
                    MarkLine = new
                    {
                        Silent = true, Symbol = "none", LineStyle = new { Type = "dashed", Color = "--soft", Opacity = 0.6 }, Label = new { Show = true, Formatter = "lr ↓", Position = "insideEndTop", Color = "--soft", FontSize = 10 },
                        Data = Falls(curves).Select(epoch => new { XAxis = epoch - 1 }),
                    },
                },
            ],
        };
    }

    /// <summary>What has come since: points of the folds, and the mean from the first of their epochs on.</summary>
    /// <param name="curves">Now.</param>
    /// <param name="drawn">Number of points of each fold that are drawn.</param>
    /// <returns>Null where points have gone, so that all must be drawn anew.</returns>
    public static IReadOnlyDictionary<string, IReadOnlyList<double[]>>? Since(IReadOnlyList<Curve> curves, IReadOnlyDictionary<int, int> drawn)
    {
        if (curves.Any(curve => !drawn.TryGetValue(curve.Fold, out int points) || points > curve.Points.Count))
        {
            return null;
        }

        var grown = curves.Where(curve => curve.Points.Count > drawn[curve.Fold]).ToList();
        if (grown.Count == 0)
        {
            return new Dictionary<string, IReadOnlyList<double[]>>();
        }

        var added = grown.ToDictionary(curve => Name(curve.Fold), curve => Points([.. curve.Points.Skip(drawn[curve.Fold])]));
        var mean = Spreads(curves, grown.Min(curve => curve.Points[drawn[curve.Fold]].Epoch)).Where(m => grown.Any(curve => curve.Points.Skip(drawn[curve.Fold]).Any(point => point.Epoch == (int)m.Epoch))).ToList();
        added[Low] = [.. mean.Select(m => new[] { m.Epoch - 1, m.Mean - m.Sd })];
        added[Band] = [.. mean.Select(m => new[] { m.Epoch - 1, 2 * m.Sd })];
        added[Mean] = [.. mean.Select(m => new[] { m.Epoch - 1, m.Mean })];
        return added;
    }

    /// <summary>Epochs at which the learning rate has fallen by half or more in some fold, the first few.</summary>
    public static IReadOnlyList<int> Falls(IReadOnlyList<Curve> curves) => [.. curves
        .SelectMany(curve => curve.Points.Zip(curve.Points.Skip(1)).Where(pair => pair.Second.LearningRate <= pair.First.LearningRate / 2).Select(pair => pair.Second.Epoch)).Distinct().Order().Take(MostFalls)];

    // x is the place among the categories: bands are stacked on a category axis alone.
    private static IReadOnlyList<double[]> Points(IReadOnlyList<EpochPoint> points) => [.. points.Select(point => new[] { point.Epoch - 1, Math.Round(point.ValidationUa, 4) })];

    private static List<(double Epoch, double Mean, double Sd)> Spreads(IReadOnlyList<Curve> curves, int from) => [.. curves
        .SelectMany(curve => curve.Points).Where(point => point.Epoch >= from).GroupBy(point => point.Epoch).OrderBy(epoch => epoch.Key)
        .Select(epoch => (epoch.Key, Spread.Of([.. epoch.Select(point => point.ValidationUa)])))
        .Select(spread => ((double)spread.Key, Math.Round(spread.Item2.Mean, 4), Math.Round(spread.Item2.Sd ?? 0, 4)))];
}
