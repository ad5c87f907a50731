using System.Globalization;
using ScottPlot;
using Ser.Domain.Experiments;
using Ser.Domain.Measures;

namespace Ser.Reporting.Report;

/// <summary>
/// Learning curves: validation UA over epochs, with a line for the mean over folds of each arm and a band of one standard deviation. A fold
/// that stopped early contributes only to the epochs that it ran.
/// </summary>
internal static class CurvesFigure
{
    private const int MaximumArms = 8;

    public static Figure? Draw(ReportInput input)
    {
        var arms = input.Curves.Where(curve => curve.Points.Count > 0).GroupBy(curve => curve.Arm).ToList();
        if (arms.Count == 0)
        {
            return null;
        }

        var plot = Figure.CreatePlot();
        foreach (var (arm, i) in arms.Take(MaximumArms).Select((arm, i) => (arm, i)))
        {
            Line(plot, arm.Key, [.. arm], Figure.Colours[i]);
        }

        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        plot.XLabel("epoch");
        plot.YLabel("validation UA, %");
        plot.ShowLegend(Edge.Right);
        string omitted = arms.Count > MaximumArms
            ? string.Create(CultureInfo.InvariantCulture, $" The first {MaximumArms} of {arms.Count} arms.")
            : "";
        string caption = $"Learning curves: validation UA, mean over folds and one standard deviation.{omitted}";
        return new Figure("curves", caption, plot, 900, 400);
    }

    private static void Line(Plot plot, Arm arm, IReadOnlyList<FoldCurve> folds, Color colour)
    {
        var epochs = folds.SelectMany(fold => fold.Points).GroupBy(point => point.Epoch).OrderBy(epoch => epoch.Key).ToList();
        Spread[] spreads = [.. epochs.Select(epoch => Spread.FromValues([.. epoch.Select(point => 100 * point.ValidationUa)]))];
        double[] x = [.. epochs.Select(epoch => (double)epoch.Key)];
        double[] mean = [.. spreads.Select(spread => spread.Mean)];
        if (x.Length > 1)
        {
            double[] lower = [.. spreads.Select(spread => spread.Mean - (spread.Sd ?? 0))];
            double[] upper = [.. spreads.Select(spread => spread.Mean + (spread.Sd ?? 0))];
            var band = plot.Add.FillY(x, lower, upper);
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
