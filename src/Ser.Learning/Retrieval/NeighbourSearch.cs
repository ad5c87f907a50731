using TorchSharp;

namespace Ser.Learning.Retrieval;

/// <summary>
/// Exact Euclidean nearest neighbours. A float32 product proposes candidates, a proven bound on its rounding keeps every row that could be among
/// the nearest, and the candidates are ranked by distances of differences in double.
/// </summary>
public static class NeighbourSearch
{
    private const int MostProducts = 16 << 20;

    /// <summary>The k nearest stored rows of every query, nearest first; ties go to the lower row.</summary>
    /// <param name="queries">[queries, dimension], row-major.</param>
    /// <param name="stored">[stored, dimension], row-major, in datastore order.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="k">Neighbours of each query.</param>
    /// <returns>[queries][k] rows of the store and their distances in double.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, k is not between 1 and the number of stored rows, or a value is not finite.</exception>
    public static (int[][] Index, double[][] Distance) Find(float[] queries, float[] stored, int dimension, int k)
    {
        if (dimension < 1 || queries.Length % dimension != 0 || stored.Length % dimension != 0)
        {
            throw new ArgumentException($"{queries.Length} query and {stored.Length} stored values do not make rows of {dimension}");
        }

        int asked = queries.Length / dimension;
        int rows = stored.Length / dimension;
        if (k < 1 || k > rows)
        {
            throw new ArgumentException($"k = {k} must be between 1 and {rows}, the number of stored rows");
        }

        double[] queryNorms = Norms(queries, dimension, "query");
        double[] storedNorms = Norms(stored, dimension, "stored row");
        int[][] index = new int[asked][];
        double[][] distance = new double[asked][];
        int chunk = Math.Clamp(MostProducts / rows, 1, Math.Max(1, asked));
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var store = torch.tensor(stored, rows, dimension).t();
        for (int first = 0; first < asked; first += chunk)
        {
            int count = Math.Min(chunk, asked - first);
            using var part = torch.tensor(queries[(first * dimension)..((first + count) * dimension)], count, dimension);
            using var products = part.matmul(store);
            int offset = first;
            Parallel.ForEach(System.Collections.Concurrent.Partitioner.Create(0, count), range =>
            {
                var candidates = new Candidates(dimension, k, storedNorms);
                var dots = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(products.bytes);
                for (int row = range.Item1; row < range.Item2; row++)
                {
                    int query = offset + row;
                    var near = candidates.Keep(dots.Slice(row * rows, rows), queryNorms[query]);
                    (index[query], distance[query]) = Ranking.Nearest(queries.AsSpan(query * dimension, dimension), stored, near, k);
                }
            });
        }

        return (index, distance);
    }

    private static double[] Norms(float[] values, int dimension, string what)
    {
        double[] norms = new double[values.Length / dimension];
        Parallel.For(0, norms.Length, row =>
        {
            double a = 0, b = 0, c = 0, d = 0;
            var x = values.AsSpan(row * dimension, dimension);
            int i = 0;
            for (; i + 3 < x.Length; i += 4)
            {
                a += (double)x[i] * x[i];
                b += (double)x[i + 1] * x[i + 1];
                c += (double)x[i + 2] * x[i + 2];
                d += (double)x[i + 3] * x[i + 3];
            }

            for (; i < x.Length; i++)
            {
                a += (double)x[i] * x[i];
            }

            norms[row] = Math.Sqrt(a + b + (c + d));
        });
        int broken = Array.FindIndex(norms, norm => !double.IsFinite(norm));
        return broken < 0 ? norms : throw new ArgumentException($"the embedding of {what} {broken} is not finite: its model has diverged or its audio is broken");
    }
}
