using Ser.Domain.Measures;

namespace Ser.Domain.Selection;

/// <summary>What one k, α and weighting make of an arm.</summary>
/// <param name="Folds">Of each fold, in the order in which they were given.</param>
/// <param name="Pooled">Of all utterances.</param>
public sealed record Redrawn(IReadOnlyList<Confusion> Folds, Confusion Pooled);

/// <summary>
/// Answers of an arm for any k, α and weighting, from its stored neighbours: quick enough to follow a slider, and the same to the bit as a table's row. Made once for an arm; safe for several threads.
/// </summary>
public sealed class Redraw
{
    private readonly IReadOnlyList<Asked> folds;
    private readonly int classes;

    /// <param name="folds">Queries of each fold, none without any.</param>
    /// <param name="classes">Number of classes.</param>
    public Redraw(IReadOnlyList<Asked> folds, int classes)
    {
        (this.folds, this.classes) = (folds, classes);
        MostK = folds.SelectMany(fold => fold.Queries.NeighbourClass).Min(row => row.Length);
    }

    /// <summary>The largest k that every query has neighbours for.</summary>
    public int MostK { get; }

    /// <summary>Confusions of every fold and of all together, with WA and UA (eq. 3 and 4).</summary>
    /// <param name="k">Neighbours that vote, from 1 to <see cref="MostK"/>.</param>
    /// <param name="alpha">α of eq. 4, from 0 (model alone) to 1 (neighbours alone).</param>
    /// <param name="weighting">A name of <see cref="Weightings.All"/>.</param>
    /// <param name="temperatureFactor">T in units of each fold's median distance; null for uniform votes.</param>
    /// <exception cref="InputException">One of them is out of range, or there is no such weighting.</exception>
    public Redrawn At(int k, double alpha, string weighting, double? temperatureFactor)
    {
        if (k < 1 || k > MostK)
        {
            throw new InputException($"k = {k} must be between 1 and {MostK}, the number of neighbours of a query");
        }

        if (!(alpha >= 0 && alpha <= 1))
        {
            throw new InputException($"α = {alpha} must be a number from 0 to 1");
        }

        if (Weightings.TemperatureFactors(weighting)[0] is not null && !(temperatureFactor >= 0))
        {
            throw new InputException($"T = {temperatureFactor?.ToString() ?? "nothing"} must be 0 or more for the weighting '{weighting}'");
        }

        Confusion[] confusions = [.. folds.Select(fold => One(fold, k, alpha, weighting, (temperatureFactor ?? 0) * fold.MedianDistance))];
        return new Redrawn(confusions, Confusion.Pooled(confusions, classes));
    }

    private Confusion One(Asked fold, int k, double alpha, string weighting, double temperature)
    {
        int[] winners = new int[fold.Queries.Count];
        Span<double> p = stackalloc double[classes];
        for (int query = 0; query < winners.Length; query++)
        {
            Votes.Fill(fold.Queries, query, k, weighting, temperature, p);
            Interpolation.Fill(fold.Queries.Probabilities[query], p, alpha, p);
            winners[query] = Interpolation.Winner(p);
        }

        return Confusion.Of(fold.Queries.Truth, winners, classes);
    }
}
