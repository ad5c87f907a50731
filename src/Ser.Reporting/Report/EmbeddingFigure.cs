using System.Globalization;
using ScottPlot;
using Ser.Domain.Experiments;
using Ser.Domain.Results;

namespace Ser.Reporting.Report;

/// <summary>Figure 4 of the paper: embeddings of one fold in the plane, without and with the contrastive loss. Test utterances are filled, the others pale.</summary>
internal static class EmbeddingFigure
{
    /// <summary>The two models of Table 3 on the first fold that both have; null where there are no projections.</summary>
    public static Figure? Of(ReportInput input, string? augmentation)
    {
        var pair = input.Maps
            .Where(map => Points(map.Projection) is not null && map.Arm.Augmentation == augmentation && map.Arm.Lambda is 0 or PaperStages.Lambda)
            .GroupBy(map => (map.Projection.Fold, map.Arm.Seed, map.Arm.Profile, map.Arm.Encoder))
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key.Fold).ThenBy(group => group.Key.Seed).FirstOrDefault()?
            .OrderBy(map => map.Arm.Lambda).ToList();
        if (pair is null)
        {
            return null;
        }

        var plot = Figure.Empty();
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

    private static void Map(Plot plot, FoldMap map, IReadOnlyList<string> classes, double left, bool legend)
    {
        var (x, y) = Points(map.Projection)!.Value;
        double[] across = Unit(x), up = Unit(y);
        Figure.Label(plot, string.Create(CultureInfo.InvariantCulture, $"λ = {map.Arm.Lambda}"), left + 0.5, 1.07, 15, bold: true);
        foreach (bool test in (bool[])[false, true])
        {
            for (int c = 0; c < classes.Count; c++)
            {
                int[] some = [.. Enumerable.Range(0, across.Length).Where(i => map.Projection.Class[i] == c && map.Projection.Side[i] == "test" == test)];
                if (some.Length == 0)
                {
                    continue;
                }

                var colour = Figure.Colours[c % Figure.Colours.Count];
                var points = plot.Add.ScatterPoints(Array.ConvertAll(some, i => left + across[i]), Array.ConvertAll(some, i => up[i]));
                points.MarkerSize = test ? 7 : 5;
                points.Color = test ? colour : colour.WithAlpha(0.25);
                points.LegendText = legend && test ? classes[c] : "";
            }
        }
    }

    private static string Caption(IReadOnlyList<FoldMap> pair)
    {
        var first = pair[0].Projection;
        string method = first.Tsne is { } tsne ? string.Create(CultureInfo.InvariantCulture, $"t-SNE, perplexity {tsne.Perplexity:0.#}") : "the first two principal components";
        var told = pair.Select(map => string.Create(
            CultureInfo.InvariantCulture,
            $"λ = {map.Arm.Lambda}: silhouette {Text(map.Projection.Test.Silhouette)}, kNN purity {Text(map.Projection.Test.Purity)}, distances within and between classes {Text(map.Projection.Test.Intra)} and {Text(map.Projection.Test.Inter)}"));
        return $"Figure 4: embeddings of fold {first.Fold} ({method}); test utterances in full colour. Measured on the test utterances' embeddings themselves, not on the map: {string.Join("; ", told)}.";
    }

    private static string Text(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "not defined";

    private static (IReadOnlyList<double> X, IReadOnlyList<double> Y)? Points(FoldProjection projection) =>
        projection.Tsne is { } tsne ? (tsne.X, tsne.Y) : projection.Pca is { } pca ? (pca.X, pca.Y) : null;

    private static double[] Unit(IReadOnlyList<double> values)
    {
        double least = values.Min(), range = Math.Max(values.Max() - least, double.Epsilon);
        return [.. values.Select(value => (value - least) / range)];
    }
}
