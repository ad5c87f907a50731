using System.Globalization;
using Ser.Reporting;
using Ser.Reporting.Results;

namespace Ser.Dashboard.Pages.Paper;

/// <summary>Something that must be so, and whether it is.</summary>
internal sealed record SelfCheck(string What, bool Holds, string Found);

/// <summary>What the page of the paper shows, by plain functions.</summary>
internal static class PaperView
{
    private const double Exact = 1e-9;

    /// <summary>The paper's own numbers and ours, checked against each other.</summary>
    public static IReadOnlyList<SelfCheck> Checks(SweepResults results)
    {
        var stages = PaperStages.Of(results);
        var (table1, table3) = (PaperTables.Table1(results), PaperTable3.Of(results));
        string[] shared = [.. table1.Columns.Intersect(table3.Columns).Except(["stage"])];
        string[] apart = [.. from row in table1.Rows
                             let same = table3.Rows.First(other => other[0].Text == row[0].Text)
                             from column in shared
                             where Value(table1, row, column) != Value(table3, same, column)
                             select $"{row[0].Text} {column}"];
        return
        [
            new("Table 1 is three rows of Table 3", apart.Length == 0, apart.Length == 0 ? "every shared cell is equal" : string.Join(", ", apart)),
            .. stages.Stages.Where(stage => stage.Row is not null).Select(stage => Diagonal(stage.Name, stage.Row!)),
            .. stages.Stages.Where(stage => stage.Row is not null).Select(stage => Total(stage.Name, stage.Row!, results)),
            Printed("WA", 0.0390, stages, stage => stage.PaperWa),
            Printed("UA", 0.0459, stages, stage => stage.PaperUa),
        ];
    }

    /// <summary>What is missing, grouped by arm and reason.</summary>
    public static IReadOnlyList<string> Missing(SweepResults results) =>
    [
        .. PaperStages.Of(results) is { IsBaseline: false } stages
            ? stages.Stages.Where(stage => stage.Row is null).Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Name}: no finished fold with λ = {stage.Lambda}"))
            : [],
        .. results.Missing.GroupBy(fold => (fold.Arm, fold.Reason)).Select(group => $"{group.Key.Arm}: fold {string.Join(", ", group.Select(fold => fold.Fold))}, {group.Key.Reason}"),
    ];

    private static SelfCheck Diagonal(string stage, ResultRow row)
    {
        double mean = row.Confusion.Recalls.Where(recall => !double.IsNaN(recall)).Average();
        return new($"{stage}: the mean of its matrix's diagonal is UA", Math.Abs(mean - row.Ua.Pooled) < Exact, $"{Cell.Percent(mean).Text} and {Cell.Percent(row.Ua.Pooled).Text}");
    }

    private static SelfCheck Total(string stage, ResultRow row, SweepResults results)
    {
        int tested = row.Folds.Sum(fold => fold.N);
        bool whole = results.Missing.All(fold => fold.Arm != row.Arm) && row.Seed is not null;
        return new(
            $"{stage}: every utterance is tested {(whole ? "once" : "at most once")}", whole ? tested == results.Corpus.Utterances : tested <= results.Corpus.Utterances,
            $"{tested} of {results.Corpus.Utterances} in {row.Folds.Count} folds");
    }

    private static SelfCheck Printed(string measure, double gain, PaperStages stages, Func<PaperStage, double> of)
    {
        double found = (of(stages["S3"]) / of(stages["S1"])) - 1;
        return new(
            string.Create(CultureInfo.InvariantCulture, $"The paper's text says that S3 is {100 * gain:0.00} % above S1 in {measure}"), Math.Abs(found - gain) < 0.00005,
            string.Create(CultureInfo.InvariantCulture, $"its Table 1 gives {100 * found:0.00} %"));
    }

    private static string Value(Table table, IReadOnlyList<Cell> row, string column) => row[table.Columns.ToList().IndexOf(column)].Text;
}
