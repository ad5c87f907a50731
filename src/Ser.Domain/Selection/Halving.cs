namespace Ser.Domain.Selection;

/// <summary>Validation answers of one fold after one epoch.</summary>
/// <param name="Arm">Name of the arm; its seeds are one.</param>
/// <param name="Fold">Fold and seed.</param>
/// <param name="Right">Utterances that were right, by class.</param>
/// <param name="Of">Utterances, by class.</param>
public sealed record RungAnswers(string Arm, string Fold, IReadOnlyList<int> Right, IReadOnlyList<int> Of);

/// <summary>An arm at a comparison.</summary>
/// <param name="Arm">Its name.</param>
/// <param name="Ua">Mean over classes of recall, pooled over the folds that all arms have; NaN: it has none.</param>
/// <param name="GoesOn">Whether it is among the better ones.</param>
public sealed record RungPlace(string Arm, double Ua, bool GoesOn);

/// <summary>Successive halving (Jamieson and Talwalkar 2016): of the arms that are left the better share goes on.</summary>
public static class Halving
{
    /// <summary>The arms by pooled validation UA, best first; of equal ones the earlier. Compared on the folds that every arm has; where there are none all go on.</summary>
    /// <param name="arms">Every arm that is left, in the grid's order.</param>
    /// <param name="answers">What is known of their folds.</param>
    /// <param name="keep">Share that goes on, rounded up.</param>
    public static IReadOnlyList<RungPlace> Compare(IReadOnlyList<string> arms, IReadOnlyList<RungAnswers> answers, double keep)
    {
        var common = answers.GroupBy(answer => answer.Fold).Where(fold => arms.All(arm => fold.Any(answer => answer.Arm == arm))).Select(fold => fold.Key).ToHashSet();
        var places = arms.Select(arm => (Arm: arm, Ua: Pooled([.. answers.Where(answer => answer.Arm == arm && common.Contains(answer.Fold))]))).ToList();
        int on = common.Count == 0 ? arms.Count : Math.Max(1, (int)Math.Ceiling(keep * arms.Count));
        return [.. places.OrderByDescending(place => place.Ua).Select((place, at) => new RungPlace(place.Arm, place.Ua, at < on))];
    }

    private static double Pooled(IReadOnlyList<RungAnswers> folds)
    {
        int classes = folds.Count == 0 ? 0 : folds[0].Of.Count;
        double[] recalls =
        [
            .. from c in Enumerable.Range(0, classes)
               let of = folds.Sum(fold => fold.Of[c])
               where of > 0
               select (double)folds.Sum(fold => fold.Right[c]) / of,
        ];
        return recalls.Length == 0 ? double.NaN : recalls.Average();
    }
}
