using Ser.Domain.Measures;
using Ser.Domain.Statistics;

namespace Ser.Reporting.Results;

/// <summary>Compares two rows, each the mean over its seeds, over the folds that all of them have.</summary>
internal static class Comparing
{
    // Differences that are equal as fractions come through different roundings; the ranks of Wilcoxon's test need them equal.
    private const int Digits = 12;

    public static Comparison? Rows(RowPair pair, int classes, SpeakerBootstrap bootstrap)
    {
        var (a, b) = (pair.A.Runs, pair.B.Runs);
        var common = AnsweredRow.Common([.. a, .. b]);
        if (common.Count == 0)
        {
            return null;
        }

        Confusion[] pooledA = [.. a.Select(run => run.Pooled(common, classes))], pooledB = [.. b.Select(run => run.Pooled(common, classes))];
        double wa = pooledB.Average(run => run.Wa) - pooledA.Average(run => run.Wa);
        double ua = pooledB.Average(run => run.Ua) - pooledA.Average(run => run.Ua);
        double[] byFold = [.. UaByFold(b, common).Zip(UaByFold(a, common), (second, first) => Math.Round(second - first, Digits))];
        var interval = bootstrap.Difference([.. b.Select(run => run.Speakers(common))], [.. a.Select(run => run.Speakers(common))]).Ua;
        return new Comparison(
            pair.Question, pair.A.Row.Name, pair.B.Row.Name, wa, ua,
            a.Count == 1 && b.Count == 1 ? McNemar.P(Right(a[0], common), Right(b[0], common)) : null,
            Wilcoxon.Test(byFold, new double[byFold.Length]).P,
            interval.Low, interval.High,
            (interval.Low <= 0 && interval.High >= 0) || Math.Abs(wa) < pooledB.Average(ErrorOfWa) || Math.Abs(ua) < pooledB.Average(ErrorOfUa));
    }

    private static IReadOnlyList<bool> Right(AnsweredRow row, IReadOnlyList<int> folds) => [.. row.On(folds).SelectMany(fold => fold.Right)];

    private static double[] UaByFold(IReadOnlyList<AnsweredRow> runs, IReadOnlyList<int> folds)
    {
        AnsweredFold[][] each = [.. runs.Select(run => run.On(folds))];
        return [.. Enumerable.Range(0, folds.Count).Select(fold => each.Average(run => run[fold].Confusion.Ua))];
    }

    // One standard error of a single run, also for a mean over seeds: those answer the same utterances. √(p(1-p)/n), for UA over the recalls of the classes present.
    private static double ErrorOfWa(Confusion pooled) => Math.Sqrt(pooled.Wa * (1 - pooled.Wa) / pooled.Total);

    private static double ErrorOfUa(Confusion pooled)
    {
        double[] variances = [.. pooled.Recalls.Zip(pooled.Counts, (recall, row) => recall * (1 - recall) / row.Sum()).Where(variance => !double.IsNaN(variance))];
        return Math.Sqrt(variances.Sum()) / variances.Length;
    }
}
