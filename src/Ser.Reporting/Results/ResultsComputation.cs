using Ser.Domain.Statistics;

namespace Ser.Reporting.Results;

/// <summary>
/// Computes the results of a sweep as a pure function of the accepted evaluations. Missing folds are reported; the computation never waits
/// for them.
/// </summary>
public static class ResultsComputation
{
    /// <summary>Every row, comparison and missing fold of a sweep.</summary>
    /// <exception cref="Ser.Domain.InputException">The evaluations do not cover the retrieval settings.</exception>
    public static SweepResults Compute(ResultsInput input)
    {
        var bootstrap = new SpeakerBootstrap();
        int classes = input.Classes.Count;
        var (rows, overSeeds) = SummarizeRows(input, bootstrap);
        var pairs = ComparisonPairs.Create(overSeeds).AsParallel().AsOrdered();
        Comparison[] comparisons = [.. pairs.Select(pair => RowComparison.Compare(pair, classes, bootstrap)).OfType<Comparison>()];
        var withBaseline = comparisons.Where(comparison => comparison.Question == ComparisonQuestions.Baseline);
        var meansOverSeeds = overSeeds.Where(row => row.Runs.Count > 1);
        return new SweepResults(
            input.Sweep,
            input.Corpus,
            input.Classes,
            ResultsDigest.Compute(rows.SelectMany(row => row.Runs)),
            [.. rows.Concat(meansOverSeeds).Select(row => row.Row)],
            comparisons,
            [.. withBaseline.Select(CheckFloor)],
            [.. LambdaSelection.Choose(overSeeds, classes)],
            [.. MissingFolds(input)],
            input.Jobs);
    }

    /// <summary>The rows of each seed, and the means over seeds.</summary>
    internal static SummarizedRows SummarizeRows(ResultsInput input, SpeakerBootstrap bootstrap)
    {
        SummarizedRow[] rows =
        [
            .. from arm in input.Arms.AsParallel().AsOrdered()
               from row in RowPredictions.Predict(arm, input.Classes.Count, input.Retrieval)
               select new SummarizedRow([row], RowSummary.Summarize([row], input.Classes, bootstrap)!),
        ];
        var bySetting = rows.GroupBy(row => (row.Arm, row.Runs[0].Kind)).AsParallel().AsOrdered();
        SummarizedRow[] overSeeds = [.. bySetting.Select(seeds => OverSeeds([.. seeds], input.Classes, bootstrap)).OfType<SummarizedRow>()];
        return new SummarizedRows(rows, overSeeds);
    }

    // Null where no fold is finished for every seed.
    private static SummarizedRow? OverSeeds(SummarizedRow[] seeds, IReadOnlyList<string> classes, SpeakerBootstrap bootstrap)
    {
        if (seeds is [var single])
        {
            return single;
        }

        PredictedRow[] runs = [.. seeds.SelectMany(seed => seed.Runs)];
        return RowSummary.Summarize(runs, classes, bootstrap) is { } row ? new SummarizedRow(runs, row) : null;
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
internal sealed record SummarizedRows(SummarizedRow[] Rows, SummarizedRow[] OverSeeds);
