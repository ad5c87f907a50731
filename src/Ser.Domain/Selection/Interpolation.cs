namespace Ser.Domain.Selection;

/// <summary>An open interval of α; empty if <paramref name="Low"/> is not less than <paramref name="High"/>.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct AlphaInterval(double Low, double High)
{
    /// <summary>The width; negative or zero for an empty interval.</summary>
    public double Width => High - Low;
}

/// <summary>Eq. 4: p = α·p_knn + (1-α)·p_model.</summary>
public static class Interpolation
{
    /// <summary>Break points closer than this count as equal, because equal fractions may have been rounded differently.</summary>
    public const double Resolution = 1e-12;

    /// <summary>Computes p of eq. 4.</summary>
    /// <param name="model">Shape [classes]: p_model.</param>
    /// <param name="votes">Shape [classes]: p_knn.</param>
    /// <param name="alpha">α, from 0 (model only) to 1 (neighbours only).</param>
    /// <param name="p">Shape [classes]: the output. May be the same memory as <paramref name="votes"/>.</param>
    public static void Fill(ReadOnlySpan<double> model, ReadOnlySpan<double> votes, double alpha, Span<double> p)
    {
        for (int c = 0; c < p.Length; c++)
        {
            p[c] = (alpha * votes[c]) + ((1 - alpha) * model[c]);
        }
    }

    /// <summary>Returns the most probable class; the lowest index on a tie.</summary>
    public static int MostProbableClass(ReadOnlySpan<double> p)
    {
        int best = 0;
        for (int c = 1; c < p.Length; c++)
        {
            if (p[c] > p[best])
            {
                best = c;
            }
        }

        return best;
    }

    /// <summary>
    /// Returns the open interval of α in (0, 1) on which the true class wins; it may be empty. Scores are linear in α, so against
    /// each other class the true class wins on a half-line. A class with the same score for every α loses if its index is higher.
    /// </summary>
    public static AlphaInterval FindWinningAlphas(ReadOnlySpan<double> model, ReadOnlySpan<double> votes, int truth)
    {
        double low = 0;
        double high = 1;
        for (int c = 0; c < model.Length; c++)
        {
            if (c == truth)
            {
                continue;
            }

            // Lead of the true class at α = 0 and at α = 1.
            double lead0 = model[truth] - model[c];
            double lead1 = votes[truth] - votes[c];
            if (lead0 > 0 && lead1 < 0)
            {
                high = Math.Min(high, lead0 / (lead0 - lead1));
            }
            else if (lead0 < 0 && lead1 > 0)
            {
                low = Math.Max(low, lead0 / (lead0 - lead1));
            }
            else if (lead0 < 0 || lead1 < 0 || (lead0 == 0 && lead1 == 0 && c < truth))
            {
                return new AlphaInterval(1, 0);
            }
        }

        return new AlphaInterval(low, high);
    }
}
