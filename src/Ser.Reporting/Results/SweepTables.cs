using Ser.Domain.Statistics;

namespace Ser.Reporting.Results;

/// <summary>
/// Computes the results of a sweep as a pure function of the accepted evaluations. Missing folds are reported; the computation never waits
/// for them.
/// </summary>
public static class SweepTables
{
    /// <summary>Every row, comparison and missing fold of a sweep.</summary>
    /// <exception cref="Ser.Domain.InputException">The evaluations cannot answer the retrieval settings.</exception>
    public static SweepResults Compute(ResultsInput input)
    {
        var bootstrap = new SpeakerBootstrap();
        int classes = input.Classes.Count;
        var (rows, overSeeds) = Sum(input, bootstrap);
        var pairs = Pairing.Of(overSeeds).AsParallel().AsOrdered();
        Comparison[] comparisons = [.. pairs.Select(pair => Comparing.Rows(pair, classes, bootstrap)).OfType<Comparison>()];
        var withBaseline = comparisons.Where(comparison => comparison.Question == Questions.Baseline);
        var meansOverSeeds = overSeeds.Where(row => row.Runs.Count > 1);
        return new SweepResults(
            input.Sweep,
            input.Corpus,
            input.Classes,
            ResultsDigest.Of(rows.SelectMany(row => row.Runs)),
            [.. rows.Concat(meansOverSeeds).Select(row => row.Row)],
            comparisons,
            [.. withBaseline.Select(CheckFloor)],
            [.. Choosing.Of(overSeeds, classes)],
            [.. MissingFolds(input)],
            input.Jobs);
    }

    /// <summary>The rows of each seed, and the means over seeds.</summary>
    internal static SummedRows Sum(ResultsInput input, SpeakerBootstrap bootstrap)
    {
        SummedRow[] rows =
        [
            .. from arm in input.Arms.AsParallel().AsOrdered()
               from row in Answering.Rows(arm, input.Classes.Count, input.Retrieval)
               select new SummedRow([row], Summary.Row([row], input.Classes, bootstrap)!),
        ];
        var bySetting = rows.GroupBy(row => (row.Arm, row.Runs[0].Kind)).AsParallel().AsOrdered();
        SummedRow[] overSeeds = [.. bySetting.Select(seeds => OverSeeds([.. seeds], input.Classes, bootstrap)).OfType<SummedRow>()];
        return new SummedRows(rows, overSeeds);
    }

    // Null where no fold is finished for every seed.
    private static SummedRow? OverSeeds(SummedRow[] seeds, IReadOnlyList<string> classes, SpeakerBootstrap bootstrap)
    {
        if (seeds is [var single])
        {
            return single;
        }

        AnsweredRow[] runs = [.. seeds.SelectMany(seed => seed.Runs)];
        return Summary.Row(runs, classes, bootstrap) is { } row ? new SummedRow(runs, row) : null;
    }

    private static FloorCheck CheckFloor(Comparison comparison)
    {
        bool beats = comparison.DeltaUa > 0 && !comparison.InsideNoise;
        return new FloorCheck(comparison.B, comparison.A, comparison.DeltaUa, beats);
    }

    private static IEnumerable<MissingFold> MissingFolds(ResultsInput input) =>
        from arm in input.Arms
        from fold in arm.Folds
        where fold.Evaluation is null
        select new MissingFold(arm.Arm.Name, fold.Fold, fold.Reason ?? "not finished yet");
}

/// <summary>Every row of each seed, and every row as the mean over its seeds (the row itself where there is one seed).</summary>
internal sealed record SummedRows(SummedRow[] Rows, SummedRow[] OverSeeds);
