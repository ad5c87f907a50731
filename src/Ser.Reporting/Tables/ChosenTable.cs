using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>The table of the λ that pooled validation chooses.</summary>
public static class ChosenTable
{
    /// <summary>The table; null where no arms differ by λ alone.</summary>
    public static Table? Create(SweepResults results)
    {
        if (results.Chosen.Count == 0)
        {
            return null;
        }

        var rows = results.RowsByName();
        var wording = new RowDescriptions(results);
        return new Table(
            $"{results.Sweep}: λ chosen on validation, pooled over folds",
            ["", "inference", "λ", "validation UA", "WA", "test UA", "WA"],
            [.. results.Chosen.Select(chosen => Cells(chosen, rows[chosen.Row], wording))],
            [
                "Chosen by the highest validation UA, then the highest WA, then the smallest λ.",
                "Test data were not used for the choice. Test columns: mean ± sd over folds.",
            ]);
    }

    private static IReadOnlyList<Cell> Cells(ChosenLambda chosen, ResultRow row, RowDescriptions wording) =>
    [
        new(wording.DescribeArm(row, ComparisonQuestions.Lambda)), new(wording.DescribeInference(row)), Cell.Number(chosen.Lambda),
        Cell.Percent(chosen.ValidationUa), Cell.Percent(chosen.ValidationWa), Cell.Mean(chosen.Ua), Cell.Mean(chosen.Wa),
    ];
}
