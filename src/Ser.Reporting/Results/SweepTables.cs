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
        int classes = input.Classes.Count;
        var (rows, overSeeds) = Sum(input, bootstrap);
        Comparison[] comparisons = [.. Pairing.Of(overSeeds).AsParallel().AsOrdered().Select(pair => Comparing.Rows(pair, classes, bootstrap)).OfType<Comparison>()];
        return new SweepResults(
            input.Sweep, input.Corpus, input.Classes, ResultsDigest.Of(rows.SelectMany(row => row.Runs)),
            [.. rows.Select(row => row.Row), .. overSeeds.Where(row => row.Runs.Count > 1).Select(row => row.Row)],
            comparisons,
            [.. comparisons.Where(pair => pair.Question == Questions.Baseline).Select(pair => new FloorCheck(pair.B, pair.A, pair.DeltaUa, pair.DeltaUa > 0 && !pair.InsideNoise))],
            [.. Choosing.Of(overSeeds, classes)],
            [.. from arm in input.Arms
                from fold in arm.Folds
                where fold.Evaluation is null
                select new MissingFold(arm.Arm.Name, fold.Fold, fold.Reason ?? "not finished yet")],
            input.Jobs);
    }

    /// <summary>Every row of each seed, and every row over its seeds.</summary>
    internal static (SummedRow[] Rows, SummedRow[] OverSeeds) Sum(ResultsInput input, SpeakerBootstrap bootstrap)
    {
        SummedRow[] rows =
        [
            .. from arm in input.Arms.AsParallel().AsOrdered()
               from row in Answering.Rows(arm, input.Classes.Count, input.Retrieval)
               select new SummedRow([row], Summary.Row([row], input.Classes, bootstrap)!),
        ];
        return (rows, [.. rows.GroupBy(row => (row.Arm, row.Runs[0].Kind)).AsParallel().AsOrdered().Select(seeds => OverSeeds([.. seeds], input.Classes, bootstrap)).OfType<SummedRow>()]);
    }

    // Null where no fold is there for every seed.
    private static SummedRow? OverSeeds(SummedRow[] seeds, IReadOnlyList<string> classes, SpeakerBootstrap bootstrap)
    {
        if (seeds is [var alone])
        {
            return alone;
        }

        AnsweredRow[] runs = [.. seeds.SelectMany(seed => seed.Runs)];
        return Summary.Row(runs, classes, bootstrap) is { } row ? new SummedRow(runs, row) : null;
    }
}
