using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>The table of every row of a sweep.</summary>
public static class RowsTable
{
    /// <summary>Lays out the rows; says so where folds are missing or nothing is finished.</summary>
    public static Table Of(SweepResults results) => new(
        $"{results.Sweep}: WA and UA in percent",
        ["arm", "inference", "selection", "weighting", "k", "α", "folds", "WA mean", "WA sd", "WA pooled", "WA low", "WA high", "UA mean", "UA sd", "UA pooled", "UA low", "UA high"],
        [.. results.Rows.Select(row => (IReadOnlyList<Cell>)
        [
            new(row.Arm), new(row.Inference), new(row.Selection), new(row.Weighting ?? "–"), Cell.Number(row.K), Cell.Number(row.Alpha), Cell.Number(row.Folds.Count),
            .. Cells(row.Wa), .. Cells(row.Ua),
        ])],
        Notes(results));

    internal static IReadOnlyList<string> Notes(SweepResults results)
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

        int inside = results.Comparisons.Count(comparison => comparison.InsideNoise);
        if (inside > 0)
        {
            notes.Add($"{inside} of {results.Comparisons.Count} comparisons differ by less than one standard error of a single run: inside the noise (--format json has each with its tests).");
        }

        foreach (var group in results.Rows.SelectMany(row => row.Folds).Where(fold => fold.Absent.Count > 0).DistinctBy(fold => fold.Fold))
        {
            notes.Add($"Fold {group.Fold} tests no utterance of {string.Join(", ", group.Absent)}: left out of its UA.");
        }

        return notes;
    }

    private static Cell[] Cells(Score score) =>
        [Cell.Percent(score.Mean), Cell.Percent(score.Sd), Cell.Percent(score.Pooled), Cell.Percent(score.Low), Cell.Percent(score.High)];
}
