using System.Globalization;

namespace Ser.Cli.Predictions;

/// <summary>How predictions were made: which arm, which folds, which neighbours, and how these were chosen.</summary>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Choice">Arm, folds, retrieval.</param>
/// <param name="Classes">Class names, in the order of every probability vector.</param>
/// <param name="Listed">Number of neighbours that are listed for each fold.</param>
internal sealed record PredictionHeader(string Sweep, PredictionChoice Choice, IReadOnlyList<string> Classes, int Listed)
{
    internal bool IsEnsemble => Choice.Folds.Count > 1;

    internal IReadOnlyList<string> Lines()
    {
        var chosen = Choice.Chosen;
        string temperature = chosen.TemperatureFactor is { } factor ? $", T = {Number(factor, "0.##")} × the fold's median distance" : "";
        return
        [
            $"{Sweep}, {Choice.Arm.Arm.Name}{Reason()}",
            Folds(),
            $"p = α·p_knn + (1 - α)·p_model with k = {chosen.K}, α = {Number(chosen.Alpha, "0.####")}, "
                + $"{chosen.Weighting} votes{temperature}",
        ];
    }

    private string Reason()
    {
        var reasons = new List<string>();
        if (Choice.Among > 1)
        {
            reasons.Add($"the best of {Choice.Among} arms");
        }

        if (Choice.ValidationUa is { } validation)
        {
            reasons.Add($"UA {Number(100 * validation, "0.00")} % on pooled validation");
        }

        return reasons.Count == 0 ? "" : $" ({string.Join(", ", reasons)})";
    }

    private string Folds() => IsEnsemble
        ? $"folds {string.Join(", ", Choice.Folds.Select(fold => fold.Fold))} as an ensemble: mean of their probabilities"
        : $"fold {Choice.Folds[0].Fold}, tested on {string.Join(", ", Choice.Folds[0].Evaluation!.TestSpeakers)}";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>How many recordings were labelled.</summary>
/// <param name="Labelled">Recordings with a label.</param>
/// <param name="Skipped">Recordings that could not be used.</param>
/// <param name="Requested">Recordings on the command line.</param>
/// <param name="Seen">Labelled recordings on which a fold that was used has trained, or by which it was chosen.</param>
internal sealed record PredictionCounts(int Labelled, int Skipped, int Requested, int Seen)
{
    internal bool IsInterrupted => Labelled + Skipped < Requested;
}
