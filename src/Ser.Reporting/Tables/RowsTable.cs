using Ser.Domain.Experiments;
using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>The table of every row of a sweep.</summary>
public static class RowsTable
{
    private static readonly string[] ScoreColumns = ["WA", "pooled", "UA", "pooled", "95 %"];

    /// <summary>
    /// The table for reading, within 120 columns: arms are headings, and settings that all rows share are in the title. Notes list
    /// the missing folds, or state that none is finished.
    /// </summary>
    public static Table Create(SweepResults results)
    {
        var wording = new RowDescriptions(results);
        int[] folds = [.. results.Rows.Select(row => row.Folds.Count).Distinct()];
        var headings = new Dictionary<int, string>();
        for (int i = 0; i < results.Rows.Count; i++)
        {
            if (i == 0 || results.Rows[i].Arm != results.Rows[i - 1].Arm)
            {
                headings[i] = results.Rows[i].Arm + (folds.Length > 1 ? $" ({results.Rows[i].Folds.Count} folds)" : "");
            }
        }

        string numberOfFolds = folds is [var common] ? $"{common} " : "";
        return new Table(
            $"{results.Sweep}: WA and UA in percent, mean ± sd over {numberOfFolds}folds, and pooled{CommonSettings(results)}",
            ["inference", "selection", .. wording.HasSeveralWeightings ? (string[])["weighting"] : [], "k", "α", .. ScoreColumns],
            [.. results.Rows.Select(row => Cells(row, wording))],
            [
                "95 %: 95 % CI of pooled UA, from resampled speakers; that of WA is in --format csv and json.",
                "test-oracle: k and α chosen on the test data; upper bound, do not report.",
                .. TableNotes.Create(results),
            ])
        {
            Headings = headings,
        };
    }

    /// <summary>The table for programs: every value is in every row. Its columns are part of the API.</summary>
    public static Table CreateWide(SweepResults results) => new(
        $"{results.Sweep}: WA and UA in percent",
        [
            "arm", "inference", "selection", "weighting", "k", "α", "folds",
            "WA mean", "WA sd", "WA pooled", "WA low", "WA high",
            "UA mean", "UA sd", "UA pooled", "UA low", "UA high",
        ],
        [.. results.Rows.Select(WideCells)],
        TableNotes.Create(results));

    private static IReadOnlyList<Cell> Cells(ResultRow row, RowDescriptions wording) =>
    [
        new(row.Inference), new(row.Selection), .. wording.HasSeveralWeightings ? (Cell[])[Text(row.Weighting)] : [],
        Cell.Number(row.K), Cell.Number(row.Alpha),
        Cell.Mean(row.Wa), Cell.Percent(row.Wa.Pooled),
        Cell.Mean(row.Ua), Cell.Percent(row.Ua.Pooled), Cell.Interval(row.Ua.Low, row.Ua.High),
    ];

    private static IReadOnlyList<Cell> WideCells(ResultRow row) =>
    [
        new(row.Arm), new(row.Inference), new(row.Selection), Text(row.Weighting),
        Cell.Number(row.K), Cell.Number(row.Alpha), Cell.Number(row.Folds.Count),
        .. Cells(row.Wa), .. Cells(row.Ua),
    ];

    // Settings that all rows share and that neither arm names nor columns show.
    private static string CommonSettings(SweepResults results)
    {
        var arms = results.Rows.Where(row => row.Encoder != EncoderSettings.Mfcc).ToList();
        string[] settings =
        [
            .. Single(arms.Select(row => row.Encoder)).Select(encoder => $"encoder {encoder}"),
            .. Single(arms.Select(row => row.Profile)).Select(profile => $"profile {profile}"),
            .. Single(results.Rows.Select(row => row.Weighting).OfType<string>()).Select(weighting => $"{weighting} votes"),
        ];
        return settings.Length == 0 ? "" : "\n" + string.Join(", ", settings);
    }

    // The value that all elements share; empty where they differ.
    private static IEnumerable<string> Single(IEnumerable<string> values) =>
        values.Distinct().Take(2).ToArray() is [var single] ? [single] : [];

    private static Cell Text(string? text) => text is null ? Cell.None : new Cell(text);

    private static Cell[] Cells(Score score) =>
        [Cell.Percent(score.Mean), Cell.Percent(score.Sd), Cell.Percent(score.Pooled), Cell.Percent(score.Low), Cell.Percent(score.High)];
}
