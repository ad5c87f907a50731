using Ser.Domain;
using Ser.Domain.Experiments;
using Ser.Domain.Selection;

namespace Ser.Reporting.Results;

/// <summary>What the rows `pooled-validation` of a table were made with, for whoever goes on with a model.</summary>
public static class PooledValidation
{
    /// <summary>
    /// Weighting, k, α and temperature of an arm, chosen on the union of its finished folds' validation queries: of several weightings the one with the highest UA there, then WA, then the first.
    /// </summary>
    /// <param name="arm">With at least one evaluation.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="settings">What is tried.</param>
    /// <exception cref="InputException">The evaluations cannot answer the settings.</exception>
    public static Chosen Choose(ArmInput arm, int classes, RetrievalSettings settings)
    {
        Asked[] validation = [.. arm.Folds.Where(fold => fold.Evaluation is not null).OrderBy(fold => fold.Fold).Select(fold => Asked.Validation(fold.Evaluation!))];
        return settings.Weighting.Select(weighting => Selector.Choose(validation, classes, weighting, settings)).MaxBy(chosen => (chosen.Ua, chosen.Wa))!;
    }
}
