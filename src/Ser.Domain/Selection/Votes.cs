using Ser.Domain.Results;

namespace Ser.Domain.Selection;

/// <summary>Eq. 3: p_knn from the k nearest neighbours.</summary>
public static class Votes
{
    /// <summary>p_knn of one query for one k.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="query">Which of them.</param>
    /// <param name="k">Neighbours that vote.</param>
    /// <param name="weighting">A name of <see cref="Weightings.All"/>.</param>
    /// <param name="temperature">T itself; ignored by uniform votes.</param>
    /// <param name="p">[classes], written, sums to 1.</param>
    public static void Fill(QuerySet queries, int query, int k, string weighting, double temperature, Span<double> p)
    {
        Span<double> weights = stackalloc double[k];
        Weightings.Fill(weighting, queries.NeighbourDistance[query].AsSpan(0, k), temperature, weights);
        p.Clear();
        double all = 0;
        for (int j = 0; j < k; j++)
        {
            p[queries.NeighbourClass[query][j]] += weights[j];
            all += weights[j];
        }

        for (int c = 0; c < p.Length; c++)
        {
            p[c] /= all;
        }
    }

    /// <summary>Refuses a k for which a query has too few neighbours.</summary>
    /// <exception cref="InputException">k is below 1 or above the number of neighbours at hand.</exception>
    public static void Check(IReadOnlyList<Asked> asked, IReadOnlyList<int> k)
    {
        if (k.Count == 0 || k.Min() < 1)
        {
            throw new InputException("retrieval.k: give at least one k, each 1 or more");
        }

        int most = asked.SelectMany(fold => fold.Queries.NeighbourClass).Select(row => row.Length).DefaultIfEmpty(int.MaxValue).Min();
        if (k.Max() > most)
        {
            throw new InputException($"retrieval.k: k = {k.Max()} asks for more neighbours than there are; a query has {most}, so give k ≤ {most}");
        }
    }
}
