using System.Globalization;
using ScottPlot;
using Ser.Domain.Experiments;
using Ser.Domain.Measures;

namespace Ser.Reporting.Report;

/// <summary>Learning curves: validation UA over epochs, mean over folds with one standard deviation, each arm a line. Folds that ended early leave the mean where they end.</summary>
internal static class CurvesFigure
{
    private const int Most = 8;

    public static Figure? Of(ReportInput input)
    {
        var arms = input.Curves.Where(curve => curve.Points.Count > 0).GroupBy(curve => curve.Arm).ToList();
        if (arms.Count == 0)
        {
            return null;
        }

        var plot = Figure.Empty();
        foreach (var (arm, i) in arms.Take(Most).Select((arm, i) => (arm, i)))
        {
            Line(plot, arm.Key, [.. arm], Figure.Colours[i]);
        }

        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        plot.XLabel("epoch");
        plot.YLabel("validation UA, %");
        plot.ShowLegend(Edge.Right);
        return new Figure(
            "curves",
            $"Learning curves: validation UA, mean over folds and one standard deviation.{(arms.Count > Most ? string.Create(CultureInfo.InvariantCulture, $" The first {Most} of {arms.Count} arms.") : "")}",
            plot, 900, 400);
    }

    private static void Line(Plot plot, Arm arm, IReadOnlyList<FoldCurve> folds, Color colour)
    {
        var epochs = folds.SelectMany(fold => fold.Points).GroupBy(point => point.Epoch).OrderBy(epoch => epoch.Key)
            .Select(epoch => (Epoch: (double)epoch.Key, Spread: Spread.Of([.. epoch.Select(point => 100 * point.ValidationUa)]))).ToList();
        double[] x = [.. epochs.Select(epoch => epoch.Epoch)];
        double[] mean = [.. epochs.Select(epoch => epoch.Spread.Mean)];
        if (x.Length > 1)
        {
            var band = plot.Add.FillY(x, [.. epochs.Select(epoch => epoch.Spread.Mean - (epoch.Spread.Sd ?? 0))], [.. epochs.Select(epoch => epoch.Spread.Mean + (epoch.Spread.Sd ?? 0))]);
            band.FillColor = colour.WithAlpha(0.15);
            band.LineColor = ScottPlot.Colors.Transparent;
            band.MarkerStyle.IsVisible = false;
        }

        var line = plot.Add.Scatter(x, mean, colour);
        line.LineWidth = 2;
        line.MarkerSize = x.Length > 40 ? 0 : 4;
        line.LegendText = arm.Name;
    }
}
