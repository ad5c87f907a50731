using Ser.Domain.Experiments;
using Ser.Domain.Measures;
using Ser.Domain.Selection;

namespace Ser.Reporting.Results;

/// <summary>Chooses λ on pooled validation: the highest UA, then the highest WA, then the smallest λ. The test has no say in it.</summary>
internal static class Choosing
{
    // Means over seeds that are equal as fractions come through different roundings.
    private const int Digits = 12;

    /// <summary>One choice for each set of rows that differ by λ alone (each the mean over its seeds): of the model, and with neighbours as pooled validation chose k and α for each arm.</summary>
    public static IEnumerable<ChosenLambda> Of(IEnumerable<SummedRow> rows, int classes) =>
        from row in rows
        where !row.Arm.IsBaseline && row.Row is { Inference: RowKinds.Model } or { Inference: RowKinds.Both, Selection: RowKinds.PooledValidation }
        group row by (Arm: row.Arm with { Lambda = 0 }, row.Row.Inference, row.Row.Weighting) into alike
        where alike.Count() > 1
        let folds = AnsweredRow.Common(alike.SelectMany(row => row.Runs))
        where folds.Count > 0
        select alike
            .Select(row => Judged(row, folds, classes))
            .OrderByDescending(chosen => Math.Round(chosen.ValidationUa, Digits)).ThenByDescending(chosen => Math.Round(chosen.ValidationWa, Digits)).ThenBy(chosen => chosen.Lambda)
            .First();

    private static ChosenLambda Judged(SummedRow summed, IReadOnlyList<int> folds, int classes)
    {
        Confusion[] validation = [.. summed.Runs.Select(run => Confusion.Pooled(run.On(folds).Select(Validation), classes))];
        var row = summed.Row;
        return new ChosenLambda(
            row.Name, row.Augmentation, row.Encoder, row.Profile, row.Lambda, row.Inference, row.Weighting,
            validation.Average(seed => seed.Ua), validation.Average(seed => seed.Wa), row.Ua, row.Wa);
    }

    private static Confusion Validation(AnsweredFold fold)
    {
        var asked = Asked.Validation(fold.Evaluation);
        double[][] probabilities = fold.Chosen?.Probabilities(asked) ?? asked.Queries.Probabilities;
        return Confusion.Of(asked.Queries.Truth, Array.ConvertAll(probabilities, p => Interpolation.Winner(p)), fold.Evaluation.Classes);
    }
}
