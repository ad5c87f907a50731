using Ser.Domain.Experiments;

namespace Ser.Reporting.Results;

/// <summary>Two rows that a question compares, second less first.</summary>
internal sealed record RowPair(string Question, SummedRow A, SummedRow B);

/// <summary>Which rows are compared, question by question, each in the order of the grid. Neighbours stand for the choice by pooled validation.</summary>
internal static class Pairing
{
    public static IEnumerable<RowPair> Of(IEnumerable<SummedRow> rows)
    {
        var arms = rows.GroupBy(row => row.Arm)
            .Select(group => new ArmRows(
                group.Key,
                group.First(row => row.Row.Inference == RowKinds.Model),
                [.. group.Where(row => row.Row is { Inference: RowKinds.Both, Selection: RowKinds.PooledValidation })]))
            .ToList();
        var encoders = arms.Where(arm => !arm.Arm.IsBaseline).ToList();
        return
        [
            .. arms.SelectMany(arm => arm.Both.Select(both => new RowPair(Questions.Neighbours, arm.Model, both))),
            .. Alike(encoders, arm => arm with { Lambda = 0 }, arm => arm.Lambda).Where(pair => pair.A.Arm.Lambda == 0).SelectMany(pair => Lambdas(pair.A, pair.B)),
            .. Alike(encoders, arm => arm with { Augmentation = "" }, arm => arm.Augmentation == "none" ? 0 : 1).SelectMany(pair =>
                pair.A.Arm.Augmentation == "none" ? Same(Questions.Augmentation, pair.A, pair.B) : [new RowPair(Questions.Augmentation, pair.A.Model, pair.B.Model)]),
            .. Alike(encoders, arm => arm with { Profile = "" }, _ => 0).SelectMany(pair => Same(Questions.Profile, pair.A, pair.B)),
            .. Alike(encoders, arm => arm with { Encoder = null }, _ => 0).SelectMany(pair => Same(Questions.Encoder, pair.A, pair.B)),
            .. arms.Where(arm => arm.Arm.IsBaseline).SelectMany(floor => encoders.SelectMany(arm => Same(Questions.Baseline, floor, arm))),
        ];
    }

    // The stages of Table 3 among each other; for another λ than the paper's only with like.
    private static IEnumerable<RowPair> Lambdas(ArmRows weak, ArmRows strong) => strong.Arm.Lambda != PaperStages.Lambda
        ? Same(Questions.Lambda, weak, strong)
        :
        [
            new(Questions.Lambda, weak.Model, strong.Model),
            .. weak.Both.Zip(strong.Both).SelectMany(both => (RowPair[])
            [
                new(Questions.Lambda, weak.Model, both.Second), new(Questions.Lambda, both.First, strong.Model), new(Questions.Lambda, both.First, both.Second),
            ]),
        ];

    private static IEnumerable<RowPair> Same(string question, ArmRows a, ArmRows b) =>
        [new(question, a.Model, b.Model), .. a.Both.Zip(b.Both, (first, second) => new RowPair(question, first, second))];

    // Pairs of arms that are equal but for what `without` takes away.
    private static IEnumerable<(ArmRows A, ArmRows B)> Alike(IEnumerable<ArmRows> arms, Func<Arm, Arm> without, Func<Arm, double> order) =>
        from like in arms.GroupBy(arm => without(arm.Arm))
        let ordered = like.OrderBy(arm => order(arm.Arm)).ToList()
        from a in Enumerable.Range(0, ordered.Count)
        from b in Enumerable.Range(a + 1, ordered.Count - a - 1)
        select (ordered[a], ordered[b]);

    private sealed record ArmRows(Arm Arm, SummedRow Model, IReadOnlyList<SummedRow> Both);
}
