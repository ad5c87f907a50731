using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>What must be said under every table of a sweep.</summary>
internal static class Notes
{
    private const int MostWarnings = 12;

    public static IReadOnlyList<string> Of(SweepResults results)
    {
        var notes = new List<string>();
        if (results.Rows.Count == 0)
        {
            notes.Add("No fold is finished yet: there are no numbers to show.");
        }

        var rows = results.RowsByName();
        var wording = new Wording(results);
        var below = results.Floor.Where(check => !check.Beats).ToList();
        notes.AddRange(below.Take(MostWarnings).Select(check =>
            $"WARNING: {wording.Settings(rows[check.Row], Questions.Baseline)}, {wording.Inference(rows[check.Row])} does not beat the mfcc floor: UA {Cell.Points(check.DeltaUa).Text}{(check.DeltaUa > 0 ? ", inside the noise" : "")}"));
        if (below.Count > MostWarnings)
        {
            notes.Add($"WARNING: and {below.Count - MostWarnings} more do not beat it (--format json has all).");
        }

        if (results.Missing.Count > 0)
        {
            notes.Add($"{results.Missing.Count} folds are missing; the numbers are over the finished ones:");
            notes.AddRange(results.Missing.GroupBy(fold => (fold.Arm, fold.Reason)).Select(group =>
                $"  {group.Key.Arm}: {(group.Count() == 1 ? "fold" : "folds")} {string.Join(", ", group.Select(fold => fold.Fold))} ({group.Key.Reason})"));
        }

        foreach (var group in results.Rows.SelectMany(row => row.Folds).Where(fold => fold.Absent.Count > 0).DistinctBy(fold => fold.Fold))
        {
            notes.Add($"Fold {group.Fold} tests no utterance of {string.Join(", ", group.Absent)}: left out of its UA.");
        }

        return notes;
    }
}
