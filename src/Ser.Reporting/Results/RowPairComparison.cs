using Ser.Domain;
using Ser.Domain.Statistics;

namespace Ser.Reporting.Results;

/// <summary>The scores of two rows on one fold that both have.</summary>
public sealed record FoldDifference(int Fold, IReadOnlyList<string> TestSpeakers, int N, double WaA, double WaB, double UaA, double UaB);

/// <summary>Two rows, of one sweep or of two, compared over the folds that both have.</summary>
public sealed record ComparedRows(ResultRow A, ResultRow B, Comparison Comparison, IReadOnlyList<FoldDifference> Folds);

/// <summary>Compares any two rows, also of different sweeps, where both predict the same utterances in the same folds.</summary>
public static class RowPairComparison
{
    /// <summary>Compares two rows. Differences are second minus first, B − A.</summary>
    /// <param name="a">The sweep of the first row.</param>
    /// <param name="rowA">The first row's <see cref="ResultRow.Name"/>.</param>
    /// <param name="b">The sweep of the second row.</param>
    /// <param name="rowB">The second row's name.</param>
    /// <exception cref="InputException">There is no such row, or the two cannot be paired; the message says why.</exception>
    public static ComparedRows Compare(ResultsInput a, string rowA, ResultsInput b, string rowB)
    {
        if (a.Corpus.Digest != b.Corpus.Digest)
        {
            throw new InputException(
                $"{a.Sweep} and {b.Sweep} have different corpora or classes, so their folds cannot be paired: "
                + "compare sweeps of the same corpus");
        }

        var bootstrap = new SpeakerBootstrap();
        var (first, second) = (Find(a, rowA, bootstrap), Find(b, rowB, bootstrap));
        var common = PredictedRow.CommonFolds([.. first.Runs, .. second.Runs]);
        if (common.Count == 0)
        {
            throw new InputException("no fold is finished in both rows yet, so there is nothing to compare");
        }

        if (!HaveSameTestUtterances(first, second, common))
        {
            throw new InputException(
                $"the folds of {a.Sweep} and {b.Sweep} test different speakers, so they cannot be paired: "
                + "compare sweeps with the same folds");
        }

        var comparison = RowComparison.Compare(new RowPair("", first, second), a.Classes.Count, bootstrap)!;
        FoldRow FoldOf(ResultRow row, int number) => row.Folds.First(fold => fold.Fold == number);
        FoldDifference[] differences = [.. common.Select(fold => Difference(FoldOf(first.Row, fold), FoldOf(second.Row, fold)))];
        return new ComparedRows(first.Row, second.Row, comparison, differences);
    }

    private static bool HaveSameTestUtterances(SummarizedRow a, SummarizedRow b, IReadOnlyList<int> folds)
    {
        var first = a.Runs[0].FoldsIn(folds).Select(fold => fold.Evaluation.Test.Utterance);
        var second = b.Runs[0].FoldsIn(folds).Select(fold => fold.Evaluation.Test.Utterance);
        return second.Zip(first).All(pair => pair.First.SequenceEqual(pair.Second));
    }

    private static FoldDifference Difference(FoldRow a, FoldRow b) => new(a.Fold, a.TestSpeakers, a.N, a.Wa, b.Wa, a.Ua, b.Ua);

    // Goes arm by arm, so that only the requested row of a large sweep is computed.
    private static SummarizedRow Find(ResultsInput input, string name, SpeakerBootstrap bootstrap)
    {
        foreach (var seeds in input.Arms.GroupBy(arm => (arm.Arm with { Seed = 0 }, arm.Encoder, arm.Profile)))
        {
            string[] armNames = [.. seeds.Select(arm => arm.Arm.Name), seeds.First().Arm.NameWithSeeds($"mean of {seeds.Count()} seeds")];
            if (!armNames.Any(arm => name.StartsWith(arm + ",", StringComparison.Ordinal)))
            {
                continue;
            }

            var (rows, overSeeds) = ResultsComputation.SummarizeRows(input with { Arms = [.. seeds] }, bootstrap);
            if (rows.Concat(overSeeds).FirstOrDefault(row => row.Row.Name == name) is { } found)
            {
                return found;
            }
        }

        throw new InputException($"{input.Sweep} has no row {name}: it may have no finished fold yet");
    }
}
