using Ser.Domain.Statistics;

namespace Ser.Reporting.Results;

/// <summary>Tables are a pure function of the accepted evaluations. A fold that is missing is said, never waited for.</summary>
public static class SweepTables
{
    /// <summary>Every row, comparison and missing fold of a sweep.</summary>
    /// <exception cref="Ser.Domain.InputException">Retrieval settings that the evaluations cannot answer.</exception>
    public static SweepResults Compute(ResultsInput input)
    {
        var bootstrap = new SpeakerBootstrap();
        AnsweredRow[] answered = [.. input.Arms.AsParallel().AsOrdered().Select(arm => Answering.Rows(arm, input.Classes.Count, input.Retrieval).ToArray()).SelectMany(rows => rows)];
        var rows = answered.Select(row => Summary.Row([row], input.Classes, bootstrap)!).ToList();
        var named = answered.Zip(rows, (row, summed) => (Row: row, summed.Name)).ToList();
        var overSeeds = answered
            .GroupBy(row => (row.Arm.Arm with { Seed = 0 }, row.Arm.Encoder, row.Arm.Profile, row.Kind))
            .Where(group => group.Count() > 1)
            .Select(group => Summary.Row([.. group], input.Classes, bootstrap))
            .OfType<ResultRow>();
        return new SweepResults(
            input.Sweep, input.Corpus, input.Classes, ResultsDigest.Of(answered), [.. rows, .. overSeeds],
            [.. Pairs(named).Select(pair => Comparing.Rows(pair.A.Row, pair.B.Row, pair.A.Name, pair.B.Name, input.Classes.Count, bootstrap)).OfType<Comparison>()],
            [.. from arm in input.Arms
                from fold in arm.Folds
                where fold.Evaluation is null
                select new MissingFold(arm.Arm.Name, fold.Fold, fold.Reason ?? "not finished yet")],
            input.Jobs);
    }

    // Each arm without and with neighbours; and the rows of Table 3 among each other, seed by seed.
    private static IEnumerable<((AnsweredRow Row, string Name) A, (AnsweredRow Row, string Name) B)> Pairs(List<(AnsweredRow Row, string Name)> rows)
    {
        var plain = rows.Where(row => row.Row.Inference == RowKinds.Model).ToList();
        var headline = rows.Where(row => row.Row is { Inference: RowKinds.Both, Selection: RowKinds.PooledValidation }).ToList();
        foreach (var a in plain)
        {
            foreach (var b in headline.Where(b => b.Row.Arm == a.Row.Arm))
            {
                yield return (a, b);
            }
        }

        foreach (var weak in plain.Where(row => row.Row.Arm.Arm.Lambda == 0))
        {
            foreach (var strong in plain.Where(row => row.Row.Arm.Arm == weak.Row.Arm.Arm with { Lambda = PaperTable3.Lambda }))
            {
                var weakBoth = headline.Where(row => row.Row.Arm == weak.Row.Arm).ToList();
                var strongBoth = headline.Where(row => row.Row.Arm == strong.Row.Arm).ToList();
                yield return (weak, strong);
                foreach (var (a, b) in weakBoth.Zip(strongBoth))
                {
                    yield return (weak, b);
                    yield return (a, strong);
                    yield return (a, b);
                }
            }
        }
    }
}
