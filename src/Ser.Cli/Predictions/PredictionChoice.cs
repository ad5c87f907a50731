using Ser.Domain;
using Ser.Domain.Experiments;
using Ser.Domain.Selection;
using Ser.Reporting.Results;

namespace Ser.Cli.Predictions;

/// <summary>The retrieval settings on the command line; null: as pooled validation chooses.</summary>
internal sealed record GivenRetrieval(int? K, double? Alpha, string? Weighting);

/// <summary>The arm, the folds and the retrieval that predictions are made with.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Folds">The folds whose models are used, in order.</param>
/// <param name="Chosen">k, α, weighting, temperature.</param>
/// <param name="ValidationUa">UA of the choice on the pooled validation queries; null where the choice was not made there.</param>
/// <param name="Among">Number of arms from which the best was chosen.</param>
internal sealed record PredictionChoice(
    ArmInput Arm, IReadOnlyList<FoldInput> Folds, RetrievalChoice Chosen, double? ValidationUa, int Among)
{
    /// <summary>
    /// Chooses the arm with the best UA on pooled validation, on a tie the one with the better WA, then the first;
    /// its finished folds, or the given ones.
    /// </summary>
    /// <exception cref="InputException">No fold, or not the given folds, are finished, or the retrieval cannot be chosen.</exception>
    internal static PredictionChoice Choose(
        string sweep,
        IReadOnlyList<ArmInput> arms,
        IReadOnlyList<int> folds,
        GivenRetrieval given,
        int classes,
        RetrievalSettings settings)
    {
        ArmInput[] finishedArms = [.. arms.Where(arm => arm.Folds.Any(IsFinished))];
        if (finishedArms.Length == 0)
        {
            throw new InputException($"{sweep} has no finished fold yet{FirstReason(arms)}: run it to its end with: ser resume {sweep}");
        }

        bool HasFinished(ArmInput arm, int number) => arm.Folds.Any(fold => fold.Fold == number && IsFinished(fold));
        ArmInput[] candidates = [.. finishedArms.Where(arm => folds.All(number => HasFinished(arm, number)))];
        if (candidates.Length == 0)
        {
            throw new InputException(UnfinishedFoldMessage(sweep, finishedArms, folds));
        }

        var choices = candidates.Select(arm => Choose(arm, given, classes, settings));
        var best = choices.MaxBy(choice => (choice.Chosen.Ua, choice.Chosen.Wa))!;
        var used = best.Arm.Folds.Where(fold => IsFinished(fold) && (folds.Count == 0 || folds.Contains(fold.Fold)));
        return new PredictionChoice(best.Arm, [.. used.OrderBy(fold => fold.Fold)], best.Chosen, best.Ua, candidates.Length);
    }

    private static ArmChoice Choose(ArmInput arm, GivenRetrieval given, int classes, RetrievalSettings settings)
    {
        var searched = settings with
        {
            Alpha = given.Alpha is { } alpha ? [alpha] : settings.Alpha,
            Weighting = given.Weighting is { } weighting ? [weighting] : settings.Weighting,
        };
        var validations = arm.Folds.Where(IsFinished).Select(fold => fold.Evaluation!.Validation);
        int storedNeighbours = validations.SelectMany(validation => validation.NeighbourClass).Min(row => row.Length);
        if (given.K is not { } k || k <= storedNeighbours)
        {
            var chosen = PooledValidation.Choose(arm, classes, given.K is { } fixedK ? searched with { K = [fixedK] } : searched);
            return new ArmChoice(arm, chosen, chosen.Ua);
        }

        return given.Alpha is not null
            ? new ArmChoice(arm, PooledValidation.Choose(arm, classes, searched) with { K = k }, null)
            : throw new InputException($"--k {k}: the evaluations keep {storedNeighbours} neighbours of each validation query, "
                + $"so α cannot be chosen for more: give --alpha too, or a k up to {storedNeighbours}");
    }

    private static bool IsFinished(FoldInput fold) => fold.Evaluation is not null;

    private static string FirstReason(IReadOnlyList<ArmInput> arms)
    {
        var reasons = arms.SelectMany(arm => arm.Folds).Select(fold => fold.Reason).OfType<string>();
        return reasons.FirstOrDefault() is { } reason ? $" ({reason})" : "";
    }

    private static string UnfinishedFoldMessage(string sweep, ArmInput[] finishedArms, IReadOnlyList<int> folds)
    {
        int last = finishedArms.Max(arm => arm.Folds.Max(fold => fold.Fold));
        if (folds.FirstOrDefault(number => number > last) is var beyond and > 0)
        {
            return $"--fold {beyond}: {sweep} has folds 1 to {last}";
        }

        var finished = finishedArms.Select(arm =>
            $"{arm.Arm.Name}: {string.Join(", ", arm.Folds.Where(IsFinished).Select(fold => fold.Fold).Order())}");
        return $"--fold {string.Join(',', folds)}: not finished in any selected arm; finished folds of {string.Join("; of ", finished)}. "
            + $"Run the rest with: ser resume {sweep}";
    }

    private sealed record ArmChoice(ArmInput Arm, RetrievalChoice Chosen, double? Ua);
}
