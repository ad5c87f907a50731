namespace Ser.Domain.Selection;

/// <summary>Eq. 4: p = α·p_knn + (1-α)·p_model.</summary>
public static class Interpolation
{
    /// <summary>Break points nearer to each other than this are one: equal fractions reach us through different roundings.</summary>
    public const double Resolution = 1e-12;

    /// <summary>Writes p of eq. 4.</summary>
    /// <param name="model">[classes], p_model.</param>
    /// <param name="votes">[classes], p_knn.</param>
    /// <param name="alpha">α, from 0 (model alone) to 1 (neighbours alone).</param>
    /// <param name="p">[classes], written; may be <paramref name="votes"/>.</param>
    public static void Fill(ReadOnlySpan<double> model, ReadOnlySpan<double> votes, double alpha, Span<double> p)
    {
        for (int c = 0; c < p.Length; c++)
        {
            p[c] = (alpha * votes[c]) + ((1 - alpha) * model[c]);
        }
    }

    /// <summary>The most probable class; the lowest index on a tie.</summary>
    public static int Winner(ReadOnlySpan<double> p)
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
    /// The open interval of α in (0, 1) on which the true class wins; empty (low ≥ high) where there is none. Scores are linear in α, so against
    /// each rival the true class wins on a half-line; a rival with the same score everywhere loses if its index is higher.
    /// </summary>
    public static (double Low, double High) TrueWins(ReadOnlySpan<double> model, ReadOnlySpan<double> votes, int truth)
    {
        double low = 0;
        double high = 1;
        for (int c = 0; c < model.Length; c++)
        {
            if (c == truth)
            {
                continue;
            }

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
                return (1, 0);
            }
        }

        return (low, high);
    }
}
