using Ser.Domain.Results;

namespace Ser.Domain.Selection;

/// <summary>Queries of one fold, with the fold's distance unit.</summary>
/// <param name="Queries">The model's predictions and the nearest rows of the datastore.</param>
/// <param name="MedianDistance">Median distance of the fold. Softmax temperatures are multiples of it.</param>
public sealed record FoldQueries(QuerySet Queries, double MedianDistance)
{
    /// <summary>Returns the validation queries of a fold, which are used for choosing parameters.</summary>
    public static FoldQueries FromValidation(FoldEvaluation fold) => new(fold.Validation, fold.MedianDistance);

    /// <summary>Returns the test queries of a fold, which are used for reported results and for the oracle upper bound.</summary>
    public static FoldQueries FromTest(FoldEvaluation fold) => new(fold.Test, fold.MedianDistance);
}
