using Ser.Domain;
using Ser.Domain.Statistics;

namespace Ser.Reporting.Results;

/// <summary>Two rows on one fold that both have.</summary>
public sealed record FoldDifference(int Fold, IReadOnlyList<string> TestSpeakers, int N, double WaA, double WaB, double UaA, double UaB);

/// <summary>Two rows, of one sweep or of two, over the folds that both have.</summary>
public sealed record PairedRows(ResultRow A, ResultRow B, Comparison Comparison, IReadOnlyList<FoldDifference> Folds);

/// <summary>Compares any two rows, also of different sweeps, where both answer the same utterances in the same folds.</summary>
public static class TwoRows
{
    /// <summary>Second less first.</summary>
    /// <param name="a">The sweep of the first row.</param>
    /// <param name="rowA">Its name, as <see cref="ResultRow.Name"/> has it.</param>
    /// <param name="b">The sweep of the second row.</param>
    /// <param name="rowB">Its name.</param>
    /// <exception cref="InputException">There is no such row, or the two cannot be paired; the message says why.</exception>
    public static PairedRows Of(ResultsInput a, string rowA, ResultsInput b, string rowB)
    {
        if (a.Corpus.Digest != b.Corpus.Digest)
        {
            throw new InputException($"{a.Sweep} and {b.Sweep} are over different corpora (or classes), so their folds have no pairs: compare sweeps of one corpus");
        }

        var bootstrap = new SpeakerBootstrap();
        var (first, second) = (Find(a, rowA, bootstrap), Find(b, rowB, bootstrap));
        var common = AnsweredRow.Common([.. first.Runs, .. second.Runs]);
        var utterances = first.Runs[0].On(common).Select(fold => fold.Evaluation.Test.Utterance);
        if (common.Count == 0 || !second.Runs[0].On(common).Select(fold => fold.Evaluation.Test.Utterance).Zip(utterances, (one, other) => one.SequenceEqual(other)).All(same => same))
        {
            throw new InputException(common.Count == 0
                ? "no fold is done in both rows yet, so there is nothing to pair"
                : $"the folds of {a.Sweep} and {b.Sweep} test different speakers, so they have no pairs: compare sweeps with the same folds");
        }

        var comparison = Comparing.Rows(new RowPair("", first, second), a.Classes.Count, bootstrap)!;
        return new PairedRows(first.Row, second.Row, comparison, [.. common.Select(fold => Difference(first.Row.Folds.First(one => one.Fold == fold), second.Row.Folds.First(one => one.Fold == fold)))]);
    }

    private static FoldDifference Difference(FoldRow a, FoldRow b) => new(a.Fold, a.TestSpeakers, a.N, a.Wa, b.Wa, a.Ua, b.Ua);

    // Arm by arm, so that of a large sweep only the one that is asked for is computed.
    private static SummedRow Find(ResultsInput input, string name, SpeakerBootstrap bootstrap)
    {
        foreach (var seeds in input.Arms.GroupBy(arm => (arm.Arm with { Seed = 0 }, arm.Encoder, arm.Profile)))
        {
            string[] names = [.. seeds.Select(arm => arm.Arm.Name), seeds.First().Arm.NameOver($"mean of {seeds.Count()} seeds")];
            if (names.Any(arm => name.StartsWith(arm + ",", StringComparison.Ordinal)) && SweepTables.Sum(input with { Arms = [.. seeds] }, bootstrap) is var (rows, overSeeds)
                && rows.Concat(overSeeds).FirstOrDefault(row => row.Row.Name == name) is { } found)
            {
                return found;
            }
        }

        throw new InputException($"{input.Sweep} has no row {name}: it may have no finished fold yet");
    }
}
