using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>Notes that belong under every table of a sweep: warnings, missing folds and absent classes.</summary>
internal static class TableNotes
{
    private const int MaximumWarnings = 12;

    public static IReadOnlyList<string> Create(SweepResults results)
    {
        var notes = new List<string>();
        if (results.Rows.Count == 0)
        {
            notes.Add("No fold is finished yet: there are no numbers to show.");
        }

        AddFloorWarnings(results, notes);
        AddMissingFolds(results, notes);
        foreach (var fold in results.Rows.SelectMany(row => row.Folds).Where(fold => fold.Absent.Count > 0).DistinctBy(fold => fold.Fold))
        {
            notes.Add($"Fold {fold.Fold} has no test utterance of {string.Join(", ", fold.Absent)}: left out of its UA.");
        }

        return notes;
    }

    private static void AddFloorWarnings(SweepResults results, List<string> notes)
    {
        var rows = results.RowsByName();
        var wording = new RowDescriptions(results);
        var below = results.Floor.Where(check => !check.Beats).ToList();
        foreach (var check in below.Take(MaximumWarnings))
        {
            var row = rows[check.Row];
            string name = $"{wording.DescribeArm(row, ComparisonQuestions.Baseline)}, {wording.DescribeInference(row)}";
            string verdict = check.DeltaUa > 0 ? ", no significant difference" : "";
            notes.Add($"WARNING: {name} does not beat the mfcc floor: UA {Cell.Points(check.DeltaUa).Text}{verdict}");
        }

        if (below.Count > MaximumWarnings)
        {
            notes.Add($"WARNING: and {below.Count - MaximumWarnings} more do not beat it (--format json has all).");
        }
    }

    private static void AddMissingFolds(SweepResults results, List<string> notes)
    {
        if (results.Missing.Count == 0)
        {
            return;
        }

        string folds = results.Missing.Count == 1 ? "1 fold is" : $"{results.Missing.Count} folds are";
        notes.Add($"{folds} missing; the numbers are over the finished ones:");
        foreach (var group in results.Missing.GroupBy(fold => (fold.Arm, fold.Reason)))
        {
            string noun = group.Count() == 1 ? "fold" : "folds";
            string numbers = string.Join(", ", group.Select(fold => fold.Fold));
            notes.Add($"  {group.Key.Arm}: {noun} {numbers} ({group.Key.Reason})");
        }
    }
}
