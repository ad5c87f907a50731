using Ser.Domain.Measures;
using Ser.Domain.Statistics;

namespace Ser.Reporting.Results;

/// <summary>Compares two rows, each the mean over its seeds, over the folds that all of them have.</summary>
internal static class RowComparison
{
    // Differences that are equal as fractions can differ in the last bits; rounding makes them ties for the ranks of Wilcoxon's test.
    private const int Digits = 12;

    public static Comparison? Compare(RowPair pair, int classes, SpeakerBootstrap bootstrap)
    {
        var (a, b) = (pair.A.Runs, pair.B.Runs);
        var common = PredictedRow.CommonFolds([.. a, .. b]);
        if (common.Count == 0)
        {
            return null;
        }

        Confusion[] pooledA = [.. a.Select(run => run.Pooled(common, classes))];
        Confusion[] pooledB = [.. b.Select(run => run.Pooled(common, classes))];
        double deltaWa = pooledB.Average(run => run.Wa) - pooledA.Average(run => run.Wa);
        double deltaUa = pooledB.Average(run => run.Ua) - pooledA.Average(run => run.Ua);
        double[] byFold = [.. UaByFold(b, common).Zip(UaByFold(a, common), (second, first) => Math.Round(second - first, Digits))];
        IReadOnlyList<Confusion>[] speakersA = [.. a.Select(run => run.ConfusionBySpeaker(common))];
        IReadOnlyList<Confusion>[] speakersB = [.. b.Select(run => run.ConfusionBySpeaker(common))];
        var interval = bootstrap.Difference(speakersB, speakersA).Ua;
        double? mcnemar = a.Count == 1 && b.Count == 1 ? McNemar.PValue(Correct(a[0], common), Correct(b[0], common)) : null;
        double wilcoxon = Wilcoxon.Test(byFold, new double[byFold.Length]).P;
        bool intervalHoldsZero = interval.Low <= 0 && interval.High >= 0;
        bool insideNoise = intervalHoldsZero
            || Math.Abs(deltaWa) < pooledB.Average(StandardErrorOfWa)
            || Math.Abs(deltaUa) < pooledB.Average(StandardErrorOfUa);
        return new Comparison(
            pair.Question, pair.A.Row.Name, pair.B.Row.Name, deltaWa, deltaUa, mcnemar, wilcoxon, interval.Low, interval.High, insideNoise);
    }

    private static IReadOnlyList<bool> Correct(PredictedRow row, IReadOnlyList<int> folds) =>
        [.. row.FoldsIn(folds).SelectMany(fold => fold.Correct)];

    private static double[] UaByFold(IReadOnlyList<PredictedRow> runs, IReadOnlyList<int> folds)
    {
        PredictedFold[][] each = [.. runs.Select(run => run.FoldsIn(folds))];
        return [.. Enumerable.Range(0, folds.Count).Select(fold => each.Average(run => run[fold].Confusion.Ua))];
    }

    // One standard error of a single run, √(p(1-p)/n). A mean over seeds has the same one, because all seeds predict the same utterances.
    private static double StandardErrorOfWa(Confusion pooled) => Math.Sqrt(pooled.Wa * (1 - pooled.Wa) / pooled.Total);

    // √(Σ p(1-p)/n_c)/C, with the recalls of the C classes that occur.
    private static double StandardErrorOfUa(Confusion pooled)
    {
        var variances = pooled.Recalls.Zip(pooled.Counts, (recall, row) => recall * (1 - recall) / row.Sum());
        double[] ofClassesPresent = [.. variances.Where(variance => !double.IsNaN(variance))];
        return Math.Sqrt(ofClassesPresent.Sum()) / ofClassesPresent.Length;
    }
}
