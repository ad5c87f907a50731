using System.Globalization;
using ScottPlot;
using Ser.Domain.Experiments;
using Ser.Domain.Results;

namespace Ser.Reporting.Report;

/// <summary>
/// Figure 4 of the paper: embeddings of one fold in the plane, without and with the contrastive loss. Test utterances are in full colour,
/// the others pale.
/// </summary>
internal static class EmbeddingFigure
{
    /// <summary>The figure of the two models of Table 3 for the first fold that both have; null where there are no projections.</summary>
    public static Figure? Draw(ReportInput input, string? augmentation)
    {
        var candidates = input.Embeddings.Where(map =>
            Points(map.Projection) is not null && map.Arm.Augmentation == augmentation && map.Arm.Lambda is 0 or PaperStages.PaperLambda);
        var pair = candidates
            .GroupBy(map => (map.Projection.Fold, map.Arm.Seed, map.Arm.Profile, map.Arm.Encoder))
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key.Fold)
            .ThenBy(group => group.Key.Seed)
            .FirstOrDefault()?
            .OrderBy(map => map.Arm.Lambda)
            .ToList();
        if (pair is null)
        {
            return null;
        }

        var plot = Figure.CreatePlot();
        for (int i = 0; i < pair.Count; i++)
        {
            Map(plot, pair[i], input.Results.Classes, 1.1 * i, legend: i == 0);
        }

        plot.HideAxesAndGrid();
        plot.ShowLegend(Edge.Bottom);
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.Axes.SetLimits(-0.03, (1.1 * pair.Count) - 0.07, -0.03, 1.12);
        return new Figure("figure4", Caption(pair), plot, 460 * pair.Count, 520);
    }

    private static void Map(Plot plot, FoldEmbeddings map, IReadOnlyList<string> classes, double left, bool legend)
    {
        var points = Points(map.Projection)!;
        double[] x = ScaleToUnit(points.X);
        double[] y = ScaleToUnit(points.Y);
        Figure.AddLabel(plot, string.Create(CultureInfo.InvariantCulture, $"λ = {map.Arm.Lambda}"), left + 0.5, 1.07, 15, bold: true);
        foreach (bool test in (bool[])[false, true])
        {
            for (int c = 0; c < classes.Count; c++)
            {
                bool IsShown(int i) => map.Projection.Class[i] == c && map.Projection.Side[i] == "test" == test;
                int[] shown = [.. Enumerable.Range(0, x.Length).Where(IsShown)];
                if (shown.Length == 0)
                {
                    continue;
                }

                var colour = Figure.Colours[c % Figure.Colours.Count];
                var scatter = plot.Add.ScatterPoints(Array.ConvertAll(shown, i => left + x[i]), Array.ConvertAll(shown, i => y[i]));
                scatter.MarkerSize = test ? 7 : 5;
                scatter.Color = test ? colour : colour.WithAlpha(0.25);
                scatter.LegendText = legend && test ? classes[c] : "";
            }
        }
    }

    private static string Caption(IReadOnlyList<FoldEmbeddings> pair)
    {
        var first = pair[0].Projection;
        string method = first.Tsne is { } tsne
            ? string.Create(CultureInfo.InvariantCulture, $"t-SNE, perplexity {tsne.Perplexity:0.#}")
            : "the first two principal components";
        string measures = string.Join("; ", pair.Select(DescribeSeparation));
        return $"Figure 4: embeddings of fold {first.Fold} ({method}); test utterances in full colour. "
            + $"Measured on the test utterances' embeddings themselves, not on the map: {measures}.";
    }

    private static string DescribeSeparation(FoldEmbeddings map)
    {
        var test = map.Projection.Test;
        string distances = $"distances within and between classes {Text(test.Intra)} and {Text(test.Inter)}";
        string measures = $"silhouette {Text(test.Silhouette)}, kNN purity {Text(test.Purity)}, {distances}";
        return string.Create(CultureInfo.InvariantCulture, $"λ = {map.Arm.Lambda}: {measures}");
    }

    private static string Text(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "not defined";

    private static PlanePoints? Points(FoldProjection projection) => projection switch
    {
        { Tsne: { } tsne } => new(tsne.X, tsne.Y),
        { Pca: { } pca } => new(pca.X, pca.Y),
        _ => null,
    };

    private static double[] ScaleToUnit(IReadOnlyList<double> values)
    {
        double minimum = values.Min();
        double range = Math.Max(values.Max() - minimum, double.Epsilon);
        return [.. values.Select(value => (value - minimum) / range)];
    }

    private sealed record PlanePoints(IReadOnlyList<double> X, IReadOnlyList<double> Y);
}
