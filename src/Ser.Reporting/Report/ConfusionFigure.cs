using System.Globalization;
using ScottPlot;
using Ser.Domain.Measures;
using Ser.Reporting.Results;

namespace Ser.Reporting.Report;

/// <summary>Figure 3 of the paper: the confusion matrix of each stage, normalised by row, with counts below the shares.</summary>
internal static class ConfusionFigure
{
    private const double Gap = 1.6;

    public static Figure? Draw(SweepResults results)
    {
        var paperStages = PaperStages.FromResults(results).Stages.Where(stage => stage.Name != "S1+kNN").ToList();
        var stages = paperStages.Where(stage => stage.Row is not null).ToList();
        if (stages.Count == 0)
        {
            return null;
        }

        int classes = results.Classes.Count;
        var plot = Figure.CreatePlot();
        for (int i = 0; i < stages.Count; i++)
        {
            Matrix(plot, stages[i].Name, stages[i].Row!.Confusion, results.Classes, i * (classes + Gap), names: i == 0);
        }

        plot.HideAxesAndGrid();
        plot.Axes.SetLimits(-1.6, (stages.Count * (classes + Gap)) - Gap + 0.3, -0.9, classes + 0.9);
        string missing = string.Join(" and no ", paperStages.Except(stages).Select(stage => stage.Name));
        string caption = "Figure 3: confusion matrices pooled over folds, true class by row, in percent of the row with counts below."
            + (missing.Length > 0 ? $" The sweep has no {missing}." : "");
        return new Figure("figure3", caption, plot, 120 + (stages.Count * 280), 330);
    }

    private static void Matrix(Plot plot, string title, Confusion confusion, IReadOnlyList<string> classes, double left, bool names)
    {
        double[][] shares = confusion.RowNormalised;
        int n = classes.Count;
        Figure.AddLabel(plot, title, left + (n / 2.0), n + 0.5, 15, bold: true);
        for (int truth = 0; truth < n; truth++)
        {
            double top = n - truth;
            if (names)
            {
                Figure.AddLabel(plot, classes[truth], left - 0.12, top - 0.5, alignment: Alignment.MiddleRight);
            }

            Figure.AddLabel(plot, classes[truth], left + truth + 0.5, -0.35);
            for (int predicted = 0; predicted < n; predicted++)
            {
                double share = shares[truth][predicted];
                var cell = plot.Add.Rectangle(left + predicted, left + predicted + 1, top - 1, top);
                cell.FillColor = Shade(share);
                cell.LineColor = ScottPlot.Colors.White;
                bool white = share > 0.55;
                string percent = (100 * share).ToString("0.0", CultureInfo.InvariantCulture);
                string count = confusion.Counts[truth][predicted].ToString(CultureInfo.InvariantCulture);
                Figure.AddLabel(plot, percent, left + predicted + 0.5, top - 0.4, 13, bold: truth == predicted, white: white);
                Figure.AddLabel(plot, count, left + predicted + 0.5, top - 0.75, 9, white: white);
            }
        }
    }

    private static Color Shade(double share) => Mix(new Color(247, 251, 255), new Color(8, 69, 148), share);

    private static Color Mix(Color from, Color to, double share) => new(
        (byte)(from.R + ((to.R - from.R) * share)), (byte)(from.G + ((to.G - from.G) * share)), (byte)(from.B + ((to.B - from.B) * share)));
}
