using Ser.Domain.Results;

namespace Ser.Domain.Selection;

/// <summary>Eq. 3: class probabilities p_knn from the votes of the k nearest neighbours.</summary>
public static class Votes
{
    /// <summary>Computes p_knn of one query for one k.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="query">Index of the query.</param>
    /// <param name="k">Number of neighbours that vote.</param>
    /// <param name="weighting">A name of <see cref="Weightings.All"/>.</param>
    /// <param name="temperature">Temperature T, not a factor; ignored for uniform votes.</param>
    /// <param name="p">Shape [classes]: the output, which sums to 1.</param>
    public static void Fill(QuerySet queries, int query, int k, string weighting, double temperature, Span<double> p)
    {
        Span<double> weights = stackalloc double[k];
        Weightings.Fill(weighting, queries.NeighbourDistance[query].AsSpan(0, k), temperature, weights);
        p.Clear();
        double total = 0;
        for (int j = 0; j < k; j++)
        {
            p[queries.NeighbourClass[query][j]] += weights[j];
            total += weights[j];
        }

        for (int c = 0; c < p.Length; c++)
        {
            p[c] /= total;
        }
    }

    /// <summary>Rejects values of k for which a query has too few neighbours.</summary>
    /// <exception cref="InputException">A k is less than 1 or greater than the number of stored neighbours.</exception>
    public static void RejectInvalidK(IReadOnlyList<FoldQueries> folds, IReadOnlyList<int> k)
    {
        if (k.Count == 0 || k.Min() < 1)
        {
            throw new InputException("retrieval.k: give at least one k; each must be 1 or more");
        }

        var neighbours = folds.SelectMany(fold => fold.Queries.NeighbourClass);
        int maxK = neighbours.Select(row => row.Length).DefaultIfEmpty(int.MaxValue).Min();
        if (k.Max() > maxK)
        {
            throw new InputException($"retrieval.k: k = {k.Max()} is too large: a query has only {maxK} neighbours, so give k ≤ {maxK}");
        }
    }
}
