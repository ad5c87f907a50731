using Ser.Domain.Experiments;
using Ser.Reporting.Results;

namespace Ser.Dashboard.Reading;

/// <summary>The row that stands for a sweep.</summary>
/// <param name="Row">The row.</param>
/// <param name="Selection">How arm, k and α were chosen, in words.</param>
/// <param name="Folds">Folds behind it.</param>
/// <param name="Planned">Folds that its arm should have.</param>
public sealed record Headline(ResultRow Row, string Selection, int Folds, int Planned)
{
    /// <summary>The arm with the highest UA on pooled validation (then WA, then the first), with neighbours as the same validation chose. The test has no say in it.</summary>
    public static Headline? Of(ResultsInput input, SweepResults results)
    {
        var arms = input.Arms.Where(arm => arm.Folds.Any(fold => fold.Evaluation is not null))
            .Select(arm => (Arm: arm, Chosen: PooledValidation.Choose(arm, input.Classes.Count, input.Retrieval)))
            .GroupBy(judged => judged.Arm.Arm with { Seed = 0 })
            .Select(seeds => (Seeds: seeds.ToList(), Ua: seeds.Average(seed => seed.Chosen.Ua), Wa: seeds.Average(seed => seed.Chosen.Wa)))
            .ToList();
        if (arms.Count == 0)
        {
            return null;
        }

        var best = arms.OrderByDescending(arm => Math.Round(arm.Ua, 12)).ThenByDescending(arm => Math.Round(arm.Wa, 12)).First();
        var (first, chosen) = best.Seeds[0];
        var rows = results.Rows.Where(row => row.Inference == RowKinds.Both && row.Selection == RowKinds.PooledValidation && row.Weighting == chosen.Weighting && IsOf(row, first)).ToList();
        var row = rows.FirstOrDefault(row => row.Seed is null) ?? rows.FirstOrDefault(row => row.Seed == first.Arm.Seed) ?? rows.FirstOrDefault();
        return row is null ? null : new Headline(row, arms.Count > 1 ? $"arm (of {arms.Count}), k and α by pooled validation" : "k and α by pooled validation", row.Folds.Count, first.Folds.Count);
    }

    private static bool IsOf(ResultRow row, ArmInput arm) =>
        row.Lambda == arm.Arm.Lambda && row.Augmentation == arm.Arm.Augmentation && row.Encoder == arm.Encoder && row.Profile == arm.Profile;
}
