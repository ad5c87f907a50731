using Ser.Domain.Experiments;
using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>The table of every row of a sweep.</summary>
public static class RowsTable
{
    private static readonly string[] Measured = ["WA", "pooled", "UA", "pooled", "95 %"];

    /// <summary>For people, within 120 columns: an arm is a heading, what is the same in all rows stands in the title. Says so where folds are missing or nothing is finished.</summary>
    public static Table Of(SweepResults results)
    {
        var wording = new Wording(results);
        int[] folds = [.. results.Rows.Select(row => row.Folds.Count).Distinct()];
        var headings = new Dictionary<int, string>();
        for (int i = 0; i < results.Rows.Count; i++)
        {
            if (i == 0 || results.Rows[i].Arm != results.Rows[i - 1].Arm)
            {
                headings[i] = results.Rows[i].Arm + (folds.Length > 1 ? $" ({results.Rows[i].Folds.Count} folds)" : "");
            }
        }

        return new Table(
            $"{results.Sweep}: WA and UA in percent, mean ± sd over {(folds is [var all] ? $"{all} " : "")}folds, and pooled{Common(results)}",
            ["inference", "selection", .. wording.NamesWeightings ? (string[])["weighting"] : [], "k", "α", .. Measured],
            [.. results.Rows.Select(row => (IReadOnlyList<Cell>)
            [
                new(row.Inference), new(row.Selection), .. wording.NamesWeightings ? (Cell[])[Text(row.Weighting)] : [], Cell.Number(row.K), Cell.Number(row.Alpha),
                Cell.Mean(row.Wa), Cell.Percent(row.Wa.Pooled), Cell.Mean(row.Ua), Cell.Percent(row.Ua.Pooled), Cell.Interval(row.Ua.Low, row.Ua.High),
            ])],
            [
                "95 %: interval of the pooled UA, from resampled speakers; of WA in --format csv and json.",
                "test-oracle: k and α chosen on the test itself, an upper bound and no result.",
                .. Notes.Of(results),
            ])
        {
            Headings = headings,
        };
    }

    /// <summary>For programs: every value in every row.</summary>
    public static Table Wide(SweepResults results) => new(
        $"{results.Sweep}: WA and UA in percent",
        ["arm", "inference", "selection", "weighting", "k", "α", "folds", "WA mean", "WA sd", "WA pooled", "WA low", "WA high", "UA mean", "UA sd", "UA pooled", "UA low", "UA high"],
        [.. results.Rows.Select(row => (IReadOnlyList<Cell>)
        [
            new(row.Arm), new(row.Inference), new(row.Selection), Text(row.Weighting), Cell.Number(row.K), Cell.Number(row.Alpha), Cell.Number(row.Folds.Count),
            .. Cells(row.Wa), .. Cells(row.Ua),
        ])],
        Notes.Of(results));

    // What an arm's name leaves out or no column says.
    private static string Common(SweepResults results)
    {
        var arms = results.Rows.Where(row => row.Encoder != EncoderSettings.Mfcc).ToList();
        string[] said =
        [
            .. One(arms.Select(row => row.Encoder)).Select(encoder => $"encoder {encoder}"),
            .. One(arms.Select(row => row.Profile)).Select(profile => $"profile {profile}"),
            .. One(results.Rows.Select(row => row.Weighting).OfType<string>()).Select(weighting => $"{weighting} votes"),
        ];
        return said.Length == 0 ? "" : "\n" + string.Join(", ", said);
    }

    private static IEnumerable<string> One(IEnumerable<string> values) => values.Distinct().Take(2).ToArray() is [var one] ? [one] : [];

    private static Cell Text(string? text) => text is null ? Cell.None : new Cell(text);

    private static Cell[] Cells(Score score) =>
        [Cell.Percent(score.Mean), Cell.Percent(score.Sd), Cell.Percent(score.Pooled), Cell.Percent(score.Low), Cell.Percent(score.High)];
}
