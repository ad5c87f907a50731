using System.Globalization;
using ScottPlot;
using Ser.Domain.Selection;
using Ser.Reporting.Results;

namespace Ser.Reporting.Report;

/// <summary>UA over k and α of the arm of S3, pooled over validation and over test utterances. The pair that validation chose is marked on both: how far it stands from the test's best is what choosing cost.</summary>
internal static class SurfaceFigure
{
    private const int Steps = 50;

    public static Figure? Of(ReportInput input)
    {
        var row = PaperStages.Of(input.Results)["S3"].Row ?? PaperStages.Of(input.Results)["S1+kNN"].Row;
        var arm = row is null ? null : input.Sweep.Arms.FirstOrDefault(arm =>
            arm.Arm.Lambda == row.Lambda && arm.Arm.Augmentation == row.Augmentation && arm.Encoder == row.Encoder && arm.Profile == row.Profile && (row.Seed is null || row.Seed == arm.Arm.Seed));
        var folds = arm?.Folds.Select(fold => fold.Evaluation).OfType<Ser.Domain.Results.FoldEvaluation>().ToList();
        if (folds is null or [])
        {
            return null;
        }

        string weighting = input.Sweep.Retrieval.Weighting[0];
        int[] k = [.. input.Sweep.Retrieval.K];
        Asked[] validation = [.. folds.Select(Asked.Validation)], test = [.. folds.Select(Asked.Test)];
        var chosen = PooledValidation.Choose(arm!, input.Results.Classes.Count, input.Sweep.Retrieval with { Weighting = [weighting] });
        var oracle = Selector.Choose(test, input.Results.Classes.Count, weighting, input.Sweep.Retrieval);
        int classes = input.Results.Classes.Count;
        double[,] left = Surface(new Redraw(validation, classes), k, weighting, chosen.TemperatureFactor), right = Surface(new Redraw(test, classes), k, weighting, chosen.TemperatureFactor);
        var plot = Figure.Empty();
        Panel(plot, left, 0, "pooled validation", [(chosen, Figure.Colours[1])], k);
        Panel(plot, right, 1.15, "pooled test", [(chosen, Figure.Colours[1]), (oracle, Figure.Colours[6])], k);
        plot.HideAxesAndGrid();
        plot.Axes.SetLimits(-0.12, 2.2, -0.16, 1.14);
        return new Figure(
            "surface",
            string.Create(CultureInfo.InvariantCulture, $"UA over k (across, {k[0]} to {k[^1]}) and α (up, 0 to 1) for {arm!.Arm.Name}, votes {weighting}; brighter is higher: validation {100 * Least(left):0.0} to {100 * Greatest(left):0.0} %, test {100 * Least(right):0.0} to {100 * Greatest(right):0.0} %. Orange: chosen on pooled validation (k = {chosen.K}, α = {chosen.Alpha:0.####}). Black: best on the test (k = {oracle.K}, α = {oracle.Alpha:0.####}), an upper bound and no result."),
            plot, 960, 430);
    }

    // [α descending, k]: a heat map's first row is drawn on top.
    private static double[,] Surface(Redraw redraw, int[] k, string weighting, double? factor)
    {
        double[,] surface = new double[Steps + 1, k.Length];
        Parallel.For(0, k.Length, column =>
        {
            for (int step = 0; step <= Steps; step++)
            {
                surface[Steps - step, column] = redraw.At(k[column], (double)step / Steps, weighting, factor).Pooled.Ua;
            }
        });
        return surface;
    }

    private static void Panel(Plot plot, double[,] surface, double left, string title, IReadOnlyList<(Chosen Pair, Color Colour)> marks, int[] k)
    {
        var heat = plot.Add.Heatmap(surface);
        heat.Position = new CoordinateRect(left, left + 1, 0, 1);
        heat.Colormap = new ScottPlot.Colormaps.Viridis();
        Figure.Label(plot, title, left + 0.5, 1.07, 14, bold: true);
        Figure.Label(plot, "k", left + 0.5, -0.1);
        Figure.Label(plot, k[0].ToString(CultureInfo.InvariantCulture), left + (0.5 / k.Length), -0.04, 10);
        Figure.Label(plot, k[^1].ToString(CultureInfo.InvariantCulture), left + 1 - (0.5 / k.Length), -0.04, 10);
        Figure.Label(plot, "0", left - 0.02, 0, 10, Alignment.MiddleRight);
        Figure.Label(plot, "1", left - 0.02, 1, 10, Alignment.MiddleRight);
        Figure.Label(plot, "α", left - 0.04, 0.5, alignment: Alignment.MiddleRight);
        foreach (var (pair, colour) in marks)
        {
            var mark = plot.Add.Marker(left + ((Array.IndexOf(k, pair.K) + 0.5) / k.Length), pair.Alpha, MarkerShape.OpenCircle, 14, colour);
            mark.LineWidth = 3;
        }
    }

    private static double Least(double[,] values) => values.Cast<double>().Min();

    private static double Greatest(double[,] values) => values.Cast<double>().Max();
}
