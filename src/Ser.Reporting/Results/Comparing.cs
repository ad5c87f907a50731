using Ser.Domain.Measures;
using Ser.Domain.Statistics;

namespace Ser.Reporting.Results;

/// <summary>Compares two rows over the folds that both have.</summary>
internal static class Comparing
{
    public static Comparison? Rows(AnsweredRow a, AnsweredRow b, string nameA, string nameB, int classes, SpeakerBootstrap bootstrap)
    {
        var common = a.Folds.Select(fold => fold.Input.Fold).Intersect(b.Folds.Select(fold => fold.Input.Fold)).ToHashSet();
        if (common.Count == 0)
        {
            return null;
        }

        AnsweredFold[] first = [.. a.Folds.Where(fold => common.Contains(fold.Input.Fold))];
        AnsweredFold[] second = [.. b.Folds.Where(fold => common.Contains(fold.Input.Fold))];
        var pooledA = Confusion.Pooled(first.Select(fold => fold.Confusion), classes);
        var pooledB = Confusion.Pooled(second.Select(fold => fold.Confusion), classes);
        double wa = pooledB.Wa - pooledA.Wa;
        double ua = pooledB.Ua - pooledA.Ua;
        var interval = bootstrap.Difference([b.Speakers(common)], [a.Speakers(common)]).Ua;
        return new Comparison(
            nameA, nameB, wa, ua,
            McNemar.P([.. first.SelectMany(fold => fold.Right)], [.. second.SelectMany(fold => fold.Right)]),
            Wilcoxon.Test([.. second.Select(fold => fold.Confusion.Ua)], [.. first.Select(fold => fold.Confusion.Ua)]).P,
            interval.Low, interval.High,
            (interval.Low <= 0 && interval.High >= 0) || Math.Abs(wa) < ErrorOfWa(pooledB) || Math.Abs(ua) < ErrorOfUa(pooledB));
    }

    // One standard error of a single run: √(p(1-p)/n), for UA over the recalls of the classes present.
    private static double ErrorOfWa(Confusion pooled) => Math.Sqrt(pooled.Wa * (1 - pooled.Wa) / pooled.Total);

    private static double ErrorOfUa(Confusion pooled)
    {
        double[] variances = [.. pooled.Recalls.Zip(pooled.Counts, (recall, row) => recall * (1 - recall) / row.Sum()).Where(variance => !double.IsNaN(variance))];
        return Math.Sqrt(variances.Sum()) / variances.Length;
    }
}
