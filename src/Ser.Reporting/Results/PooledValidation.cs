using Ser.Domain;
using Ser.Domain.Experiments;
using Ser.Domain.Selection;

namespace Ser.Reporting.Results;

/// <summary>The choice behind the `pooled-validation` rows of a table, for predictions with the arm's models.</summary>
public static class PooledValidation
{
    /// <summary>
    /// Chooses weighting, k, α and temperature of an arm on the union of its finished folds' validation queries: of several weightings the
    /// one with the highest UA there, then the highest WA, then the first.
    /// </summary>
    /// <param name="arm">An arm with at least one evaluation.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="settings">The candidates.</param>
    /// <exception cref="InputException">The evaluations do not cover the settings.</exception>
    public static RetrievalChoice Choose(ArmInput arm, int classes, RetrievalSettings settings)
    {
        var finished = arm.Folds.Where(fold => fold.Evaluation is not null).OrderBy(fold => fold.Fold);
        FoldQueries[] validation = [.. finished.Select(fold => FoldQueries.FromValidation(fold.Evaluation!))];
        var byWeighting = settings.Weighting.Select(weighting => Selector.Choose(validation, classes, weighting, settings));
        return byWeighting.MaxBy(chosen => (chosen.Ua, chosen.Wa))!;
    }
}
