using Ser.Domain.Experiments;
using Ser.Reporting.Results;

namespace Ser.Dashboard.Reading;

/// <summary>The row that represents a sweep.</summary>
/// <param name="Row">The row.</param>
/// <param name="Selection">How the arm, k and α were chosen, in words.</param>
/// <param name="Folds">Number of finished folds behind the row.</param>
/// <param name="Planned">Number of folds that its arm has in the plan.</param>
public sealed record Headline(ResultRow Row, string Selection, int Folds, int Planned)
{
    /// <summary>
    /// Chooses the arm with the highest UA on pooled validation (then the highest WA, then the first), with k and α as chosen on the
    /// same validation queries. Test data is not used for the selection. Null if no fold is done.
    /// </summary>
    public static Headline? Choose(ResultsInput input, SweepResults results)
    {
        var candidates = Candidates(input);
        if (candidates.Count == 0)
        {
            return null;
        }

        var best = candidates
            .OrderByDescending(candidate => Math.Round(candidate.Ua, 12))
            .ThenByDescending(candidate => Math.Round(candidate.Wa, 12))
            .First();
        var rows = results.Rows.Where(row => IsPooledRow(row, best.FirstSeed, best.Weighting)).ToList();
        var row = rows.FirstOrDefault(row => row.Seed is null)
            ?? rows.FirstOrDefault(row => row.Seed == best.FirstSeed.Arm.Seed)
            ?? rows.FirstOrDefault();
        const string Parameters = "k and α by pooled validation";
        string selection = candidates.Count > 1 ? $"arm (of {candidates.Count}), {Parameters}" : Parameters;
        return row is null ? null : new Headline(row, selection, row.Folds.Count, best.FirstSeed.Folds.Count);
    }

    // Arms with at least one finished fold. Arms that differ only in their seed are one candidate with the mean UA and WA.
    private static List<Candidate> Candidates(ResultsInput input)
    {
        var judged = input.Arms
            .Where(arm => arm.Folds.Any(fold => fold.Evaluation is not null))
            .Select(arm => (Arm: arm, Chosen: PooledValidation.Choose(arm, input.Classes.Count, input.Retrieval)));
        return judged.GroupBy(one => one.Arm.Arm with { Seed = 0 }).Select(seeds =>
        {
            var first = seeds.First();
            double ua = seeds.Average(seed => seed.Chosen.Ua), wa = seeds.Average(seed => seed.Chosen.Wa);
            return new Candidate(first.Arm, first.Chosen.Weighting, ua, wa);
        }).ToList();
    }

    private static bool IsPooledRow(ResultRow row, ArmInput arm, string weighting) =>
        row.Inference == RowKinds.ModelWithNeighbours && row.Selection == RowKinds.PooledValidation && row.Weighting == weighting
        && row.Lambda == arm.Arm.Lambda && row.Augmentation == arm.Arm.Augmentation
        && row.Encoder == arm.Encoder && row.Profile == arm.Profile;

    private sealed record Candidate(ArmInput FirstSeed, string Weighting, double Ua, double Wa);
}
