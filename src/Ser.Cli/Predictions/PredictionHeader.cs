using System.Globalization;

namespace Ser.Cli.Predictions;

/// <summary>What a reader of predictions must know: which arm, which folds, which neighbours, and who chose them.</summary>
/// <param name="Sweep">Name of the sweep.</param>
/// <param name="Choice">Arm, folds, retrieval.</param>
/// <param name="Classes">Class names, in the order of every probability vector.</param>
/// <param name="Listed">Neighbours that are listed of each fold.</param>
internal sealed record PredictionHeader(string Sweep, PredictionChoice Choice, IReadOnlyList<string> Classes, int Listed)
{
    internal bool IsEnsemble => Choice.Folds.Count > 1;

    internal IReadOnlyList<string> Lines()
    {
        var chosen = Choice.Chosen;
        string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
        string ua = Choice.ValidationUa is { } validation ? $"UA {Number(100 * validation, "0.00")} % on pooled validation" : "";
        string[] why = [.. ((string[])[Choice.Among > 1 ? $"the best of {Choice.Among} arms" : "", ua]).Where(part => part.Length > 0)];
        string folds = IsEnsemble
            ? $"folds {string.Join(", ", Choice.Folds.Select(fold => fold.Fold))} as an ensemble: mean of their probabilities"
            : $"fold {Choice.Folds[0].Fold}, which tested {string.Join(", ", Choice.Folds[0].Evaluation!.TestSpeakers)}";
        string temperature = chosen.TemperatureFactor is { } factor ? $", T = {Number(factor, "0.##")} × the fold's median distance" : "";
        return
        [
            $"{Sweep}, {Choice.Arm.Arm.Name}{(why.Length > 0 ? $" ({string.Join(", ", why)})" : "")}",
            folds,
            $"p = α·p_knn + (1 - α)·p_model with k = {chosen.K}, α = {Number(chosen.Alpha, "0.####")}, {chosen.Weighting} votes{temperature}",
        ];
    }
}

/// <summary>How labelling came out.</summary>
/// <param name="Labelled">Recordings with a label.</param>
/// <param name="Skipped">Recordings that could not be used.</param>
/// <param name="Asked">Recordings that were asked for.</param>
/// <param name="Known">Labelled recordings that an answering fold has trained on or chosen by.</param>
internal sealed record PredictionCounts(int Labelled, int Skipped, int Asked, int Known)
{
    internal bool Interrupted => Labelled + Skipped < Asked;
}
