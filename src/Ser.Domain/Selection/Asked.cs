using Ser.Domain.Results;

namespace Ser.Domain.Selection;

/// <summary>Queries of one fold, with what the fold needs to vote.</summary>
/// <param name="Queries">Model's answers and nearest stored rows.</param>
/// <param name="MedianDistance">The fold's unit of softmax temperatures: a temperature is a factor times this.</param>
public sealed record Asked(QuerySet Queries, double MedianDistance)
{
    /// <summary>The validation queries of a fold: for choosing.</summary>
    public static Asked Validation(FoldEvaluation fold) => new(fold.Validation, fold.MedianDistance);

    /// <summary>The test queries of a fold: for the answer, and for the test oracle.</summary>
    public static Asked Test(FoldEvaluation fold) => new(fold.Test, fold.MedianDistance);
}
