using Ser.Domain.Experiments;

namespace Ser.Reporting.Results;

/// <summary>Two rows that a question compares. Differences are B minus A.</summary>
internal sealed record RowPair(string Question, SummarizedRow A, SummarizedRow B);

/// <summary>
/// Pairs the rows to compare, question by question, each in the order of the grid. Of the rows with neighbours, those chosen by pooled
/// validation are compared.
/// </summary>
internal static class ComparisonPairs
{
    public static IEnumerable<RowPair> Create(IEnumerable<SummarizedRow> rows)
    {
        ArmRows[] arms = [.. rows.GroupBy(row => row.Arm).Select(CreateArmRows)];
        ArmRows[] encoders = [.. arms.Where(arm => !arm.Arm.IsBaseline)];
        ArmRows[] baselines = [.. arms.Where(arm => arm.Arm.IsBaseline)];
        var byLambda = DifferingIn(encoders, arm => arm with { Lambda = 0 }, arm => arm.Lambda).Where(pair => pair.A.Arm.Lambda == 0);
        var byAugmentation = DifferingIn(encoders, arm => arm with { Augmentation = "" }, arm => arm.Augmentation == "none" ? 0 : 1);
        var byProfile = DifferingIn(encoders, arm => arm with { Profile = "" }, _ => 0);
        var byEncoder = DifferingIn(encoders, arm => arm with { Encoder = null }, _ => 0);
        var withBaseline = baselines.SelectMany(baseline => encoders.Select(arm => new ArmPair(baseline, arm)));
        return
        [
            .. arms.SelectMany(arm => arm.WithNeighbours.Select(row => new RowPair(ComparisonQuestions.Neighbours, arm.Model, row))),
            .. byLambda.SelectMany(PairLambdas),
            .. byAugmentation.SelectMany(PairAugmentations),
            .. byProfile.SelectMany(pair => PairSameInference(ComparisonQuestions.Profile, pair)),
            .. byEncoder.SelectMany(pair => PairSameInference(ComparisonQuestions.Encoder, pair)),
            .. withBaseline.SelectMany(pair => PairSameInference(ComparisonQuestions.Baseline, pair)),
        ];
    }

    private static ArmRows CreateArmRows(IGrouping<Arm, SummarizedRow> rows) => new(
        rows.Key,
        rows.First(row => row.Row.Inference == RowKinds.Model),
        [.. rows.Where(row => row.Row is { Inference: RowKinds.ModelWithNeighbours, Selection: RowKinds.PooledValidation })]);

    // For the paper's λ all stages of Table 3 are compared with each other, for another λ only rows of the same inference.
    private static IEnumerable<RowPair> PairLambdas(ArmPair pair)
    {
        var (zero, other) = pair;
        if (other.Arm.Lambda != PaperStages.PaperLambda)
        {
            return PairSameInference(ComparisonQuestions.Lambda, pair);
        }

        var withNeighbours = zero.WithNeighbours.Zip(other.WithNeighbours, (first, second) => (RowPair[])
        [
            new(ComparisonQuestions.Lambda, zero.Model, second),
            new(ComparisonQuestions.Lambda, first, other.Model),
            new(ComparisonQuestions.Lambda, first, second),
        ]);
        return [new(ComparisonQuestions.Lambda, zero.Model, other.Model), .. withNeighbours.SelectMany(pairs => pairs)];
    }

    // Two augmentations are compared for the model alone, no augmentation and another one for every inference.
    private static IEnumerable<RowPair> PairAugmentations(ArmPair pair) => pair.A.Arm.Augmentation == "none"
        ? PairSameInference(ComparisonQuestions.Augmentation, pair)
        : [new RowPair(ComparisonQuestions.Augmentation, pair.A.Model, pair.B.Model)];

    private static IEnumerable<RowPair> PairSameInference(string question, ArmPair pair) =>
    [
        new(question, pair.A.Model, pair.B.Model),
        .. pair.A.WithNeighbours.Zip(pair.B.WithNeighbours, (first, second) => new RowPair(question, first, second)),
    ];

    // All pairs of arms that are equal except for the setting that `without` clears.
    private static IEnumerable<ArmPair> DifferingIn(IEnumerable<ArmRows> arms, Func<Arm, Arm> without, Func<Arm, double> order) =>
        from similar in arms.GroupBy(arm => without(arm.Arm))
        let ordered = similar.OrderBy(arm => order(arm.Arm)).ToList()
        from a in Enumerable.Range(0, ordered.Count)
        from b in Enumerable.Range(a + 1, ordered.Count - a - 1)
        select new ArmPair(ordered[a], ordered[b]);

    private sealed record ArmRows(Arm Arm, SummarizedRow Model, IReadOnlyList<SummarizedRow> WithNeighbours);

    private sealed record ArmPair(ArmRows A, ArmRows B);
}
