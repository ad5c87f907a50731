using System.Globalization;
using Ser.Reporting;
using Ser.Reporting.Results;

namespace Ser.Dashboard.Pages.Paper;

/// <summary>A check of the numbers for consistency.</summary>
/// <param name="Statement">The statement to check.</param>
/// <param name="Holds">Whether it holds.</param>
/// <param name="Found">The values that were found.</param>
internal sealed record SelfCheck(string Statement, bool Holds, string Found);

/// <summary>Computes what the page of the paper shows.</summary>
internal static class PaperView
{
    private const double Tolerance = 1e-9;

    /// <summary>Checks that the paper's numbers and ours are consistent with each other.</summary>
    public static IReadOnlyList<SelfCheck> Checks(SweepResults results)
    {
        var stages = PaperStages.FromResults(results);
        var (table1, table3) = (PaperTables.CreateTable1(results), PaperTable3.Create(results));
        string[] shared = [.. table1.Columns.Intersect(table3.Columns).Except(["stage"])];
        string[] different = [.. from row in table1.Rows
                                 let same = table3.Rows.First(other => other[0].Text == row[0].Text)
                                 from column in shared
                                 where Value(table1, row, column) != Value(table3, same, column)
                                 select $"{row[0].Text} {column}"];
        string found = different.Length == 0 ? "all shared cells are equal" : $"different: {string.Join(", ", different)}";
        var available = stages.Stages.Where(stage => stage.Row is not null).ToList();
        return
        [
            new("Table 1 equals three rows of Table 3", different.Length == 0, found),
            .. available.Select(stage => Diagonal(stage.Name, stage.Row!)),
            .. available.Select(stage => Total(stage.Name, stage.Row!, results)),
            Printed("WA", 0.0390, stages, stage => stage.PaperWa),
            Printed("UA", 0.0459, stages, stage => stage.PaperUa),
        ];
    }

    /// <summary>Missing stages, then missing folds grouped by arm and reason.</summary>
    public static IReadOnlyList<string> Missing(SweepResults results)
    {
        var stages = PaperStages.FromResults(results);
        var missingStages = stages.IsBaseline ? [] : stages.Stages.Where(stage => stage.Row is null);
        var stageTexts = missingStages.Select(stage =>
            string.Create(CultureInfo.InvariantCulture, $"{stage.Name}: no finished fold with λ = {stage.Lambda}"));
        var foldTexts = results.Missing.GroupBy(fold => (fold.Arm, fold.Reason)).Select(group =>
            $"{group.Key.Arm}: fold {string.Join(", ", group.Select(fold => fold.Fold))}, {group.Key.Reason}");
        return [.. stageTexts, .. foldTexts];
    }

    private static SelfCheck Diagonal(string stage, ResultRow row)
    {
        double mean = row.Confusion.Recalls.Where(recall => !double.IsNaN(recall)).Average();
        return new(
            $"{stage}: the mean of the diagonal of its confusion matrix is UA",
            Math.Abs(mean - row.Ua.Pooled) < Tolerance,
            $"{Cell.Percent(mean).Text} and {Cell.Percent(row.Ua.Pooled).Text}");
    }

    private static SelfCheck Total(string stage, ResultRow row, SweepResults results)
    {
        int tested = row.Folds.Sum(fold => fold.N);
        bool complete = results.Missing.All(fold => fold.Arm != row.Arm) && row.Seed is not null;
        return new(
            $"{stage}: every utterance is tested {(complete ? "once" : "at most once")}",
            complete ? tested == results.Corpus.Utterances : tested <= results.Corpus.Utterances,
            $"{tested} of {results.Corpus.Utterances} in {row.Folds.Count} folds");
    }

    private static SelfCheck Printed(string measure, double gain, PaperStages stages, Func<PaperStage, double> score)
    {
        double found = (score(stages["S3"]) / score(stages["S1"])) - 1;
        return new(
            string.Create(CultureInfo.InvariantCulture, $"According to the paper's text, S3 is {100 * gain:0.00} % above S1 in {measure}"),
            Math.Abs(found - gain) < 0.00005,
            string.Create(CultureInfo.InvariantCulture, $"its Table 1 gives {100 * found:0.00} %"));
    }

    private static string Value(Table table, IReadOnlyList<Cell> row, string column) =>
        row[table.Columns.ToList().IndexOf(column)].Text;
}
