using System.Globalization;
using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>The table of every row of a sweep.</summary>
public static class RowsTable
{
    private const int MostComparisons = 12;

    /// <summary>Lays out the rows; says so where folds are missing or nothing is finished.</summary>
    public static Table Of(SweepResults results) => new(
        $"{results.Sweep}: WA and UA in percent",
        ["arm", "inference", "selection", "weighting", "k", "α", "folds", "WA mean", "WA sd", "WA pooled", "WA low", "WA high", "UA mean", "UA sd", "UA pooled", "UA low", "UA high"],
        [.. results.Rows.Select(row => (IReadOnlyList<Cell>)
        [
            new(row.Arm), new(row.Inference), new(row.Selection), row.Weighting is { } weighting ? new(weighting) : Cell.None, Cell.Number(row.K), Cell.Number(row.Alpha), Cell.Number(row.Folds.Count),
            .. Cells(row.Wa), .. Cells(row.Ua),
        ])],
        ["low and high: 95 % interval of the pooled figure, from resampled speakers. test-oracle: k and α chosen on the test itself, an upper bound and no result.", .. Notes(results, name => name)]);

    /// <param name="results">The results.</param>
    /// <param name="named">What a row is called in comparisons; null: it is left out of them.</param>
    internal static IReadOnlyList<string> Notes(SweepResults results, Func<string, string?> named)
    {
        var notes = new List<string>();
        if (results.Rows.Count == 0)
        {
            notes.Add("No fold is finished yet: there are no numbers to show.");
        }

        if (results.Missing.Count > 0)
        {
            notes.Add($"{results.Missing.Count} folds are missing; the numbers are over the finished ones:");
            notes.AddRange(results.Missing.GroupBy(fold => (fold.Arm, fold.Reason)).Select(group =>
                $"  {group.Key.Arm}: {(group.Count() == 1 ? "fold" : "folds")} {string.Join(", ", group.Select(fold => fold.Fold))} ({group.Key.Reason})"));
        }

        var comparisons = results.Comparisons.Select(c => c with { A = named(c.A) ?? "", B = named(c.B) ?? "" }).Where(c => c.A.Length > 0 && c.B.Length > 0).ToList();
        if (comparisons.Count > 0)
        {
            notes.Add("Comparisons, second less first, UA pooled in points with its 95 % interval over speakers, McNemar's p over utterances, Wilcoxon's p over folds:");
            notes.AddRange(comparisons.Take(MostComparisons).Select(Line));
        }

        if (comparisons.Count > MostComparisons)
        {
            notes.Add($"  and {comparisons.Count - MostComparisons} more (--format json has all)");
        }

        foreach (var group in results.Rows.SelectMany(row => row.Folds).Where(fold => fold.Absent.Count > 0).DistinctBy(fold => fold.Fold))
        {
            notes.Add($"Fold {group.Fold} tests no utterance of {string.Join(", ", group.Absent)}: left out of its UA.");
        }

        return notes;
    }

    private static string Line(Comparison c) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {c.A} → {c.B}: {100 * c.DeltaUa:+0.00;-0.00;0.00} [{100 * c.Low:0.00}, {100 * c.High:0.00}], McNemar {c.Mcnemar:0.000}, Wilcoxon {c.Wilcoxon:0.000}{(c.InsideNoise ? ": inside the noise" : "")}");

    private static Cell[] Cells(Score score) =>
        [Cell.Percent(score.Mean), Cell.Percent(score.Sd), Cell.Percent(score.Pooled), Cell.Percent(score.Low), Cell.Percent(score.High)];
}
