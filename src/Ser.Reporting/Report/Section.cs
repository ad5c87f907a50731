using Ser.Reporting.Results;

namespace Ser.Reporting.Report;

/// <summary>A part of the report: prose, tables, figures, in this order.</summary>
/// <param name="Id">Of the page's anchor.</param>
/// <param name="Title">Headline.</param>
/// <param name="Prose">Paragraphs.</param>
/// <param name="Tables">Tables with the names of their files.</param>
/// <param name="Figures">Figures.</param>
public sealed record Section(string Id, string Title, IReadOnlyList<string> Prose, IReadOnlyList<(string Name, Table Table)> Tables, IReadOnlyList<Figure> Figures);

/// <summary>Lays out a report.</summary>
public static class Sections
{
    /// <summary>Every part, in order; a part that has nothing to show says so.</summary>
    public static IReadOnlyList<Section> Of(ReportInput input)
    {
        var results = input.Results;
        var shown = PaperStages.Of(results);
        var map = EmbeddingFigure.Of(input, shown.Augmentation);
        var surface = SurfaceFigure.Of(input);
        var curves = CurvesFigure.Of(input);
        var confusion = ConfusionFigure.Of(results);
        var tests = ComparisonsTable.Of(results);
        var chosen = ChosenTable.Of(results);
        return
        [
            new("summary", "Summary", [.. Summary(results, shown)], [("table1", PaperTables.Table1(results))], []),
            new("table2", "Augmentations", [], [("table2", PaperTables.Table2(results))], []),
            new("table3", "Neighbours without and with the contrastive loss", [], [("table3", PaperTable3.Of(results))], []),
            new("table4", "Other systems", [], [("table4", PaperTables.Table4(results))], []),
            new("figure3", "Confusions", Lacking(confusion, "No stage has a finished fold."), [], Some(confusion)),
            new("figure4", "Embeddings", Lacking(map, "The sweep has no projections: run it again with --set projection.methods=[tsne]; nothing is trained again."), [], Some(map)),
            new("surface", "k and α", Lacking(surface, "No finished fold has neighbours."), [], Some(surface)),
            new("curves", "Learning curves", Lacking(curves, "There are no learning curves: a classical baseline has none."), [], Some(curves)),
            new("tests", "Tests between arms", tests is null ? ["There are no two arms to compare."] : [], tests is null ? [] : [("comparisons", tests)], []),
            .. chosen is null ? (Section[])[] : [new("lambda", "λ chosen on pooled validation", [], [("chosen", chosen)], [])],
            new("rows", "Every row", [], [("rows", RowsTable.Of(results))], []),
            new("speakers", "By fold and speaker", [], [("folds", FoldsTable.Of(shown))], []),
            new("methods", "Methods", MethodsText.Of(input), [], []),
        ];
    }

    private static IEnumerable<string> Summary(SweepResults results, PaperStages shown)
    {
        foreach (var (a, b) in ((string, string)[])[("S1", "S2"), ("S2", "S3"), ("S1", "S3")])
        {
            if (shown[a].Row is { } first && shown[b].Row is { } second && results.Comparisons.FirstOrDefault(c => c.A == first.Name && c.B == second.Name) is { } found)
            {
                yield return $"{a} to {b}: UA {Cell.Points(found.DeltaUa).Text} points, 95 % interval {Cell.Interval(found.Low, found.High).Text}{(found.InsideNoise ? ": inside the noise" : "")}.";
            }
        }

        var oracle = results.Rows.FirstOrDefault(row => row.Selection == RowKinds.TestOracle && row.Inference == RowKinds.Both && shown["S3"].Row is { } s3
            && row.Arm == s3.Arm && row.Weighting == s3.Weighting);
        if (oracle is not null)
        {
            yield return $"Choosing k and α on the test itself would have shown UA {Cell.Percent(oracle.Ua.Pooled).Text} for S3 in place of {Cell.Percent(shown["S3"].Row!.Ua.Pooled).Text}: a gap of {Cell.Points(oracle.Ua.Pooled - shown["S3"].Row!.Ua.Pooled).Text} points that is no result.";
        }

        foreach (var missing in results.Missing.GroupBy(fold => (fold.Arm, fold.Reason)))
        {
            yield return $"Missing: {missing.Key.Arm}, fold {string.Join(", ", missing.Select(fold => fold.Fold))} ({missing.Key.Reason}). Numbers are over the finished folds.";
        }
    }

    private static string[] Lacking(Figure? figure, string why) => figure is null ? [why] : [];

    private static Figure[] Some(Figure? figure) => figure is null ? [] : [figure];
}
