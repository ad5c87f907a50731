using System.Globalization;
using ScottPlot;
using Ser.Domain.Selection;
using Ser.Reporting.Results;

namespace Ser.Reporting.Report;

/// <summary>
/// UA over k and α of the arm of S3, pooled over validation and over test utterances. The pair that validation chose is marked in both
/// panels: its distance from the best pair on the test data is the cost of choosing on validation.
/// </summary>
internal static class SurfaceFigure
{
    private const int Steps = 50;

    public static Figure? Draw(ReportInput input)
    {
        var arm = FindArm(input);
        var folds = arm?.Folds.Select(fold => fold.Evaluation).OfType<Ser.Domain.Results.FoldEvaluation>().ToList();
        if (folds is null or [])
        {
            return null;
        }

        var retrieval = input.Sweep.Retrieval;
        string weighting = retrieval.Weighting[0];
        int[] k = [.. retrieval.K];
        int classes = input.Results.Classes.Count;
        FoldQueries[] validation = [.. folds.Select(FoldQueries.FromValidation)];
        FoldQueries[] test = [.. folds.Select(FoldQueries.FromTest)];
        var chosen = PooledValidation.Choose(arm!, classes, retrieval with { Weighting = [weighting] });
        var oracle = Selector.Choose(test, classes, weighting, retrieval);
        double[,] onValidation = Surface(new ArmEvaluator(validation, classes), k, weighting, chosen.TemperatureFactor);
        double[,] onTest = Surface(new ArmEvaluator(test, classes), k, weighting, chosen.TemperatureFactor);
        var chosenMark = new Mark(chosen, Figure.Colours[1]);
        var plot = Figure.CreatePlot();
        Panel(plot, onValidation, 0, "pooled validation", [chosenMark], k);
        Panel(plot, onTest, 1.15, "pooled test", [chosenMark, new Mark(oracle, Figure.Colours[6])], k);
        plot.HideAxesAndGrid();
        plot.Axes.SetLimits(-0.12, 2.2, -0.16, 1.14);
        string caption = $"UA over k (horizontal, {k[0]} to {k[^1]}) and α (vertical, 0 to 1) for {arm!.Arm.Name}, votes {weighting}; "
            + $"brighter is higher: validation {Range(onValidation)}, test {Range(onTest)}. "
            + $"Orange: chosen on pooled validation ({Pair(chosen)}). "
            + $"Black: best on the test data ({Pair(oracle)}), upper bound; do not report.";
        return new Figure("surface", caption, plot, 960, 430);
    }

    private static ArmInput? FindArm(ReportInput input)
    {
        var stages = PaperStages.FromResults(input.Results);
        var row = stages["S3"].Row ?? stages["S1+kNN"].Row;
        return row is null ? null : input.Sweep.Arms.FirstOrDefault(arm =>
            arm.Arm.Lambda == row.Lambda && arm.Arm.Augmentation == row.Augmentation
            && arm.Encoder == row.Encoder && arm.Profile == row.Profile
            && (row.Seed is null || row.Seed == arm.Arm.Seed));
    }

    private static string Range(double[,] surface)
    {
        var values = surface.Cast<double>().ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{100 * values.Min():0.0} to {100 * values.Max():0.0} %");
    }

    private static string Pair(RetrievalChoice pair) =>
        string.Create(CultureInfo.InvariantCulture, $"k = {pair.K}, α = {pair.Alpha:0.####}");

    // Indexed [step of α, column of k], with α descending, because a heat map draws its first row on top.
    private static double[,] Surface(ArmEvaluator evaluator, int[] k, string weighting, double? factor)
    {
        double[,] surface = new double[Steps + 1, k.Length];
        Parallel.For(0, k.Length, column =>
        {
            for (int step = 0; step <= Steps; step++)
            {
                surface[Steps - step, column] = evaluator.Evaluate(k[column], (double)step / Steps, weighting, factor).Pooled.Ua;
            }
        });
        return surface;
    }

    private static void Panel(Plot plot, double[,] surface, double left, string title, IReadOnlyList<Mark> marks, int[] k)
    {
        var heat = plot.Add.Heatmap(surface);
        heat.Position = new CoordinateRect(left, left + 1, 0, 1);
        heat.Colormap = new ScottPlot.Colormaps.Viridis();
        Figure.AddLabel(plot, title, left + 0.5, 1.07, 14, bold: true);
        Figure.AddLabel(plot, "k", left + 0.5, -0.1);
        Figure.AddLabel(plot, k[0].ToString(CultureInfo.InvariantCulture), left + (0.5 / k.Length), -0.04, 10);
        Figure.AddLabel(plot, k[^1].ToString(CultureInfo.InvariantCulture), left + 1 - (0.5 / k.Length), -0.04, 10);
        Figure.AddLabel(plot, "0", left - 0.02, 0, 10, Alignment.MiddleRight);
        Figure.AddLabel(plot, "1", left - 0.02, 1, 10, Alignment.MiddleRight);
        Figure.AddLabel(plot, "α", left - 0.04, 0.5, alignment: Alignment.MiddleRight);
        foreach (var (pair, colour) in marks)
        {
            double x = left + ((Array.IndexOf(k, pair.K) + 0.5) / k.Length);
            var marker = plot.Add.Marker(x, pair.Alpha, MarkerShape.OpenCircle, 14, colour);
            marker.LineWidth = 3;
        }
    }

    private sealed record Mark(RetrievalChoice Pair, Color Colour);
}
