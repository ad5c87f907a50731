using Ser.Domain.Measures;

namespace Ser.Domain.Selection;

/// <summary>Confusion matrices of an arm for one combination of k, α and weighting.</summary>
/// <param name="Folds">Confusion matrix of each fold, in the given order.</param>
/// <param name="Pooled">Confusion matrix of all folds together.</param>
public sealed record ArmEvaluation(IReadOnlyList<Confusion> Folds, Confusion Pooled);

/// <summary>
/// Computes the predictions of an arm for any k, α and weighting from its stored neighbours. Fast enough for interactive use, and
/// bit-identical to a row of the tables. Create one instance per arm; it is thread-safe.
/// </summary>
public sealed class ArmEvaluator
{
    private readonly IReadOnlyList<FoldQueries> _folds;
    private readonly int _classes;

    /// <param name="folds">Queries of each fold; no fold may be empty.</param>
    /// <param name="classes">Number of classes.</param>
    public ArmEvaluator(IReadOnlyList<FoldQueries> folds, int classes)
    {
        (_folds, _classes) = (folds, classes);
        MaxK = folds.SelectMany(fold => fold.Queries.NeighbourClass).Min(row => row.Length);
    }

    /// <summary>The largest k for which every query has enough neighbours.</summary>
    public int MaxK { get; }

    /// <summary>Predicts with eq. 3 and 4 and counts the predictions, for each fold and for all folds together.</summary>
    /// <param name="k">Number of neighbours that vote, from 1 to <see cref="MaxK"/>.</param>
    /// <param name="alpha">α of eq. 4, from 0 (model only) to 1 (neighbours only).</param>
    /// <param name="weighting">A name of <see cref="Weightings.All"/>.</param>
    /// <param name="temperatureFactor">Temperature as a multiple of each fold's median distance; null for uniform votes.</param>
    /// <exception cref="InputException">An argument is out of range, or there is no such weighting.</exception>
    public ArmEvaluation Evaluate(int k, double alpha, string weighting, double? temperatureFactor)
    {
        if (k < 1 || k > MaxK)
        {
            throw new InputException($"k = {k}: k must be from 1 to {MaxK}, the number of neighbours of a query");
        }

        if (!(alpha >= 0 && alpha <= 1))
        {
            throw new InputException($"α = {alpha}: α must be a number from 0 to 1");
        }

        if (Weightings.TemperatureFactors(weighting)[0] is not null && !(temperatureFactor >= 0))
        {
            string given = temperatureFactor?.ToString() ?? "nothing";
            throw new InputException($"T = {given}: T must be 0 or more for the weighting '{weighting}'");
        }

        double factor = temperatureFactor ?? 0;
        Confusion[] confusions = [.. _folds.Select(fold => Predict(fold, k, alpha, weighting, factor * fold.MedianDistance))];
        return new ArmEvaluation(confusions, Confusion.Pooled(confusions, _classes));
    }

    private Confusion Predict(FoldQueries fold, int k, double alpha, string weighting, double temperature)
    {
        int[] predictions = new int[fold.Queries.Count];
        Span<double> p = stackalloc double[_classes];
        for (int query = 0; query < predictions.Length; query++)
        {
            Votes.Fill(fold.Queries, query, k, weighting, temperature, p);
            Interpolation.Fill(fold.Queries.Probabilities[query], p, alpha, p);
            predictions[query] = Interpolation.MostProbableClass(p);
        }

        return Confusion.FromPredictions(fold.Queries.Truth, predictions, _classes);
    }
}
