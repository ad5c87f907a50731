using Ser.Reporting.Results;

namespace Ser.Reporting;

/// <summary>λ as pooled validation chooses it.</summary>
public static class ChosenTable
{
    /// <summary>Lays it out; null where no arms differ by λ alone.</summary>
    public static Table? Of(SweepResults results)
    {
        var rows = results.RowsByName();
        var wording = new Wording(results);
        return results.Chosen.Count == 0 ? null : new Table(
            $"{results.Sweep}: λ chosen on validation, pooled over folds",
            ["", "inference", "λ", "validation UA", "WA", "test UA", "WA"],
            [.. results.Chosen.Select(chosen => (IReadOnlyList<Cell>)
            [
                new(wording.Settings(rows[chosen.Row], Questions.Lambda)), new(wording.Inference(rows[chosen.Row])), Cell.Number(chosen.Lambda),
                Cell.Percent(chosen.ValidationUa), Cell.Percent(chosen.ValidationWa), Cell.Mean(chosen.Ua), Cell.Mean(chosen.Wa),
            ])],
            ["The highest validation UA, then WA, then the smallest λ; the test has no say in it. Test: mean ± sd over folds."]);
    }
}
