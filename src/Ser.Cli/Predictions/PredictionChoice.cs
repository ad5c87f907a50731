using Ser.Domain;
using Ser.Domain.Experiments;
using Ser.Domain.Selection;
using Ser.Reporting.Results;

namespace Ser.Cli.Predictions;

/// <summary>What the command line says of the retrieval; null: as pooled validation chooses.</summary>
internal sealed record GivenRetrieval(int? K, double? Alpha, string? Weighting);

/// <summary>The arm, the folds and the retrieval that predictions are made with.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Folds">Its folds that answer, in order.</param>
/// <param name="Chosen">k, α, weighting, temperature.</param>
/// <param name="ValidationUa">UA of the choice on the pooled validation queries; null where it was not made there.</param>
/// <param name="Among">Arms that the best was taken from.</param>
internal sealed record PredictionChoice(ArmInput Arm, IReadOnlyList<FoldInput> Folds, Chosen Chosen, double? ValidationUa, int Among)
{
    /// <summary>Of the arms that are meant the one with the best pooled-validation UA, then WA, then the first; its finished folds, or those that are asked for.</summary>
    /// <exception cref="InputException">No fold is finished, or not those that are asked for, or the retrieval cannot be answered.</exception>
    internal static PredictionChoice Of(string sweep, IReadOnlyList<ArmInput> arms, IReadOnlyList<int> folds, GivenRetrieval given, int classes, RetrievalSettings settings)
    {
        ArmInput[] finished = [.. arms.Where(arm => arm.Folds.Any(fold => fold.Evaluation is not null))];
        if (finished.Length == 0)
        {
            throw new InputException($"{sweep} has no finished fold yet{Reasons(arms)}: run it to its end with: ser resume {sweep}");
        }

        ArmInput[] fitting = [.. finished.Where(arm => folds.All(number => arm.Folds.Any(fold => fold.Fold == number && fold.Evaluation is not null)))];
        if (fitting.Length == 0)
        {
            throw new InputException(WrongFold(sweep, finished, folds));
        }

        var (best, chosen, ua) = fitting.Select(arm => Choose(arm, given, classes, settings)).MaxBy(choice => (choice.Chosen.Ua, choice.Chosen.Wa));
        return new PredictionChoice(
            best, [.. best.Folds.Where(fold => fold.Evaluation is not null && (folds.Count == 0 || folds.Contains(fold.Fold))).OrderBy(fold => fold.Fold)], chosen, ua, fitting.Length);
    }

    private static (ArmInput Arm, Chosen Chosen, double? Ua) Choose(ArmInput arm, GivenRetrieval given, int classes, RetrievalSettings settings)
    {
        var tried = settings with { Alpha = given.Alpha is { } alpha ? [alpha] : settings.Alpha, Weighting = given.Weighting is { } weighting ? [weighting] : settings.Weighting };
        int kept = arm.Folds.Where(fold => fold.Evaluation is not null).SelectMany(fold => fold.Evaluation!.Validation.NeighbourClass).Min(row => row.Length);
        if (given.K is not { } k || k <= kept)
        {
            var chosen = PooledValidation.Choose(arm, classes, given.K is { } one ? tried with { K = [one] } : tried);
            return (arm, chosen, chosen.Ua);
        }

        return given.Alpha is not null
            ? (arm, PooledValidation.Choose(arm, classes, tried) with { K = k }, null)
            : throw new InputException($"--k {k}: the evaluations keep {kept} neighbours of each validation query, so α cannot be chosen for more: give --alpha too, or a k up to {kept}");
    }

    private static string Reasons(IReadOnlyList<ArmInput> arms) =>
        arms.SelectMany(arm => arm.Folds).Select(fold => fold.Reason).OfType<string>().FirstOrDefault() is { } reason ? $" ({reason})" : "";

    private static string WrongFold(string sweep, ArmInput[] finished, IReadOnlyList<int> folds)
    {
        int most = finished.Max(arm => arm.Folds.Max(fold => fold.Fold));
        if (folds.FirstOrDefault(number => number > most) is var beyond and > 0)
        {
            return $"--fold {beyond}: {sweep} has folds 1 to {most}";
        }

        var arms = finished.Select(arm => $"{arm.Arm.Name}: {string.Join(", ", arm.Folds.Where(fold => fold.Evaluation is not null).Select(fold => fold.Fold).Order())}");
        return $"--fold {string.Join(',', folds)}: not finished in any arm that is meant; finished are, of {string.Join("; of ", arms)}. Run the rest with: ser resume {sweep}";
    }
}
