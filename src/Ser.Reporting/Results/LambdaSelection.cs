using Ser.Domain.Experiments;
using Ser.Domain.Measures;
using Ser.Domain.Selection;

namespace Ser.Reporting.Results;

/// <summary>Chooses λ on pooled validation queries: highest UA, then highest WA, then smallest λ. Test data are not used.</summary>
internal static class LambdaSelection
{
    // Means over seeds that are equal as fractions can differ in the last bits, so ties are decided on rounded values.
    private const int Digits = 12;

    private static readonly Comparer<ChosenLambda> ByValidation = Comparer<ChosenLambda>.Create((a, b) =>
    {
        int byUa = Math.Round(a.ValidationUa, Digits).CompareTo(Math.Round(b.ValidationUa, Digits));
        int byWa = Math.Round(a.ValidationWa, Digits).CompareTo(Math.Round(b.ValidationWa, Digits));
        return byUa != 0 ? byUa : byWa != 0 ? byWa : b.Lambda.CompareTo(a.Lambda);
    });

    /// <summary>
    /// One choice for each set of rows that differ by λ alone, each the mean over its seeds: for the model alone, and for the model with
    /// neighbours, with the k and α that pooled validation chose for each arm.
    /// </summary>
    public static IEnumerable<ChosenLambda> Choose(IEnumerable<SummarizedRow> rows, int classes) =>
        from row in rows
        where !row.Arm.IsBaseline
            && row.Row is { Inference: RowKinds.Model } or { Inference: RowKinds.ModelWithNeighbours, Selection: RowKinds.PooledValidation }
        group row by (Arm: row.Arm with { Lambda = 0 }, row.Row.Inference, row.Row.Weighting) into candidates
        where candidates.Count() > 1
        let folds = PredictedRow.CommonFolds(candidates.SelectMany(row => row.Runs))
        where folds.Count > 0
        select candidates.Select(row => Evaluate(row, folds, classes)).OrderDescending(ByValidation).First();

    private static ChosenLambda Evaluate(SummarizedRow summarized, IReadOnlyList<int> folds, int classes)
    {
        Confusion PoolValidation(PredictedRow run) => Confusion.Pooled(run.FoldsIn(folds).Select(ValidationConfusion), classes);
        Confusion[] validation = [.. summarized.Runs.Select(PoolValidation)];
        var row = summarized.Row;
        return new ChosenLambda(
            row.Name, row.Augmentation, row.Encoder, row.Profile, row.Lambda, row.Inference, row.Weighting,
            validation.Average(seed => seed.Ua), validation.Average(seed => seed.Wa), row.Ua, row.Wa);
    }

    private static Confusion ValidationConfusion(PredictedFold fold)
    {
        var validation = FoldQueries.FromValidation(fold.Evaluation);
        double[][] probabilities = fold.Chosen?.Probabilities(validation) ?? validation.Queries.Probabilities;
        int[] predictions = Array.ConvertAll(probabilities, p => Interpolation.MostProbableClass(p));
        return Confusion.FromPredictions(validation.Queries.Truth, predictions, fold.Evaluation.Classes);
    }
}
