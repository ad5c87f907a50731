using Ser.Reporting.Results;

namespace Ser.Reporting.Report;

/// <summary>A section of the report: prose, tables and figures, in this order.</summary>
/// <param name="Id">Anchor in the page.</param>
/// <param name="Title">Heading.</param>
/// <param name="Prose">Paragraphs.</param>
/// <param name="Tables">Tables with the names of their files.</param>
/// <param name="Figures">Figures.</param>
public sealed record Section(
    string Id, string Title, IReadOnlyList<string> Prose, IReadOnlyList<NamedTable> Tables, IReadOnlyList<Figure> Figures);

/// <summary>A table of the report with the name of its files.</summary>
public sealed record NamedTable(string Name, Table Table);

/// <summary>Lays out a report.</summary>
public static class Sections
{
    private const string NoConfusion = "No stage has a finished fold.";
    private const string NoSurface = "No finished fold has neighbours.";
    private const string NoCurves = "There are no learning curves: a classical baseline has none.";
    private const string NoComparisons = "There are no two arms to compare.";
    private const string NoProjections =
        "The sweep has no projections: run it again with --set projection.methods=[tsne]; nothing is trained again.";

    /// <summary>All sections, in order. A section without content says why.</summary>
    public static IReadOnlyList<Section> Create(ReportInput input)
    {
        var results = input.Results;
        var stages = PaperStages.FromResults(results);
        var chosen = ChosenTable.Create(results);
        var summary = TableSection("summary", "Summary", "table1", PaperTables.CreateTable1(results));
        return
        [
            summary with { Prose = [.. Summarize(results, stages)] },
            TableSection("table2", "Augmentations", "table2", PaperTables.CreateTable2(results)),
            TableSection("table3", "Neighbours without and with the contrastive loss", "table3", PaperTable3.Create(results)),
            TableSection("table4", "Other systems", "table4", PaperTables.CreateTable4(results)),
            FigureSection("figure3", "Confusions", ConfusionFigure.Draw(results), NoConfusion),
            FigureSection("figure4", "Embeddings", EmbeddingFigure.Draw(input, stages.Augmentation), NoProjections),
            FigureSection("surface", "k and α", SurfaceFigure.Draw(input), NoSurface),
            FigureSection("curves", "Learning curves", CurvesFigure.Draw(input), NoCurves),
            ComparisonsTable.Create(results) is { } comparisons
                ? TableSection("tests", "Tests between arms", "comparisons", comparisons)
                : new Section("tests", "Tests between arms", [NoComparisons], [], []),
            .. chosen is null ? (Section[])[] : [TableSection("lambda", "λ chosen on pooled validation", "chosen", chosen)],
            TableSection("rows", "Every row", "rows", RowsTable.Create(results)),
            TableSection("speakers", "By fold and speaker", "folds", FoldsTable.Create(stages)),
            new("methods", "Methods", MethodsText.Write(input), [], []),
        ];
    }

    private static Section TableSection(string id, string title, string name, Table table) =>
        new(id, title, [], [new NamedTable(name, table)], []);

    private static Section FigureSection(string id, string title, Figure? figure, string reasonIfMissing) =>
        figure is null ? new(id, title, [reasonIfMissing], [], []) : new(id, title, [], [], [figure]);

    private static IEnumerable<string> Summarize(SweepResults results, PaperStages stages)
    {
        foreach (var (a, b) in ((string, string)[])[("S1", "S2"), ("S2", "S3"), ("S1", "S3")])
        {
            if (Find(results, stages[a].Row, stages[b].Row) is { } comparison)
            {
                string interval = Cell.Interval(comparison.Low, comparison.High).Text;
                string verdict = comparison.InsideNoise ? ": no significant difference" : "";
                yield return $"{a} to {b}: UA {Cell.Points(comparison.DeltaUa).Text} points, 95 % CI {interval}{verdict}.";
            }
        }

        if (stages["S3"].Row is { } s3 && FindOracle(results, s3) is { } oracle)
        {
            string atBest = Cell.Percent(oracle.Ua.Pooled).Text;
            string gap = Cell.Points(oracle.Ua.Pooled - s3.Ua.Pooled).Text;
            yield return $"Choosing k and α on the test data would give UA {atBest} for S3 instead of {Cell.Percent(s3.Ua.Pooled).Text}: "
                + $"a gap of {gap} points. It is an upper bound; do not report it.";
        }

        foreach (var missing in results.Missing.GroupBy(fold => (fold.Arm, fold.Reason)))
        {
            string folds = string.Join(", ", missing.Select(fold => fold.Fold));
            yield return $"Missing: {missing.Key.Arm}, fold {folds} ({missing.Key.Reason}). Numbers are over the finished folds.";
        }
    }

    private static Comparison? Find(SweepResults results, ResultRow? a, ResultRow? b) => a is null || b is null
        ? null
        : results.Comparisons.FirstOrDefault(comparison => comparison.A == a.Name && comparison.B == b.Name);

    private static ResultRow? FindOracle(SweepResults results, ResultRow s3)
    {
        bool IsOracle(ResultRow row) => (row.Selection, row.Inference) == (RowKinds.TestOracle, RowKinds.ModelWithNeighbours);
        return results.Rows.FirstOrDefault(row => IsOracle(row) && (row.Arm, row.Weighting) == (s3.Arm, s3.Weighting));
    }
}
