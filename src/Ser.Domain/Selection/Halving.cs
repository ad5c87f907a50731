namespace Ser.Domain.Selection;

/// <summary>Validation predictions of one fold after one epoch.</summary>
/// <param name="Arm">Name of the arm without its seed.</param>
/// <param name="Fold">Fold and seed.</param>
/// <param name="Right">Number of correct utterances, by class.</param>
/// <param name="Total">Number of utterances, by class.</param>
public sealed record RungPredictions(string Arm, string Fold, IReadOnlyList<int> Right, IReadOnlyList<int> Total);

/// <summary>Result of an arm in a comparison.</summary>
/// <param name="Arm">Name of the arm.</param>
/// <param name="Ua">Mean recall of the classes, pooled over the folds that all arms have; NaN if there are none.</param>
/// <param name="Continues">Whether the arm continues.</param>
public sealed record RungRank(string Arm, double Ua, bool Continues);

/// <summary>Successive halving (Jamieson and Talwalkar 2016): of the remaining arms a share continues.</summary>
public static class Halving
{
    /// <summary>
    /// Ranks the arms by pooled validation UA, best first; ties go to the earlier arm. Only folds that every arm has are compared. If there
    /// are none, all arms continue.
    /// </summary>
    /// <param name="arms">The remaining arms, in the grid's order.</param>
    /// <param name="predictions">Validation predictions of their folds.</param>
    /// <param name="keep">Share of the arms that continues, rounded up.</param>
    public static IReadOnlyList<RungRank> RankArms(IReadOnlyList<string> arms, IReadOnlyList<RungPredictions> predictions, double keep)
    {
        bool IsComplete(IEnumerable<RungPredictions> fold) => arms.All(arm => fold.Any(prediction => prediction.Arm == arm));
        var complete = predictions.GroupBy(prediction => prediction.Fold).Where(IsComplete);
        var common = complete.Select(fold => fold.Key).ToHashSet();
        int survivors = common.Count == 0 ? arms.Count : Math.Max(1, (int)Math.Ceiling(keep * arms.Count));
        var compared = predictions.Where(prediction => common.Contains(prediction.Fold)).ToLookup(prediction => prediction.Arm);
        var scores = arms.Select(arm => (Arm: arm, Ua: PooledUa([.. compared[arm]])));
        var ranked = scores.OrderByDescending(score => score.Ua);
        return [.. ranked.Select((score, rank) => new RungRank(score.Arm, score.Ua, rank < survivors))];
    }

    private static double PooledUa(IReadOnlyList<RungPredictions> folds)
    {
        int classes = folds.Count == 0 ? 0 : folds[0].Total.Count;
        double[] recalls =
        [
            .. from c in Enumerable.Range(0, classes)
               let total = folds.Sum(fold => fold.Total[c])
               where total > 0
               select (double)folds.Sum(fold => fold.Right[c]) / total,
        ];
        return recalls.Length == 0 ? double.NaN : recalls.Average();
    }
}
