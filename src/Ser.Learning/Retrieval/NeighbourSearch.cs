namespace Ser.Learning.Retrieval;

/// <summary>
/// Exact Euclidean nearest neighbours. Rows are rounded to 16-bit lattice points, whose products give approximate distances. With the
/// measured rounding errors, these determine every row that could be among the nearest. The candidates are ranked by distances that are
/// computed from differences in double.
/// </summary>
public static class NeighbourSearch
{
    private const int MaxProducts = 4 << 20; // of one thread at a time
    private const int MaxGroups = 8; // of queries, so that they stay in the second-level cache while all stored rows are read
    private const int CentreRows = 256; // rows whose mean is the centre

    /// <summary>
    /// Finds the k nearest stored rows of every query, nearest first. Of equal distances the lower row index comes first.
    /// </summary>
    /// <param name="queries">[queries, dimension], row-major.</param>
    /// <param name="stored">[stored, dimension], row-major, in datastore order.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="k">Number of neighbours of each query.</param>
    /// <exception cref="ArgumentException">
    /// The shapes do not match, k is not between 1 and the number of stored rows, or a value is not finite.
    /// </exception>
    public static Neighbours Find(float[] queries, float[] stored, int dimension, int k)
    {
        if (dimension < 1 || queries.Length % dimension != 0 || stored.Length % dimension != 0)
        {
            throw new ArgumentException($"{queries.Length} query and {stored.Length} stored values do not form rows of {dimension}");
        }

        int queryCount = queries.Length / dimension;
        int rows = stored.Length / dimension;
        if (k < 1 || k > rows)
        {
            throw new ArgumentException($"k = {k} should be between 1 and {rows}, the number of stored rows");
        }

        double[] centre = Centre(stored, dimension, rows);
        var storedPoints = new Lattice(stored, centre, LatticeProducts.Stored, "stored row");
        var queryPoints = new Lattice(queries, centre, LatticeProducts.Queries, "query");
        int[][] index = new int[queryCount][];
        double[][] distance = new double[queryCount][];
        int width = storedPoints.Step.Length;
        int groups = queryPoints.Step.Length / LatticeProducts.Queries;
        int groupsInMemory = MaxProducts / (LatticeProducts.Queries * width);
        int groupsPerThread = groups / (2 * Environment.ProcessorCount);
        int part = Math.Clamp(Math.Min(groupsInMemory, groupsPerThread), 1, MaxGroups);
        Parallel.For(0, (groups + part - 1) / part, CreateBuffers, (chunk, _, buffers) =>
        {
            int first = chunk * part;
            int count = Math.Min(part, groups - first);
            int firstQuery = first * LatticeProducts.Queries, endQuery = Math.Min(queryCount, (first + count) * LatticeProducts.Queries);
            LatticeProducts.Fill(queryPoints, first, count, storedPoints, buffers.Dots);
            for (int query = firstQuery; query < endQuery; query++)
            {
                var dots = buffers.Dots.AsSpan((query - firstQuery) * width, width);
                var near = buffers.Candidates.Select(dots, queryPoints.Step[query], queryPoints.Square[query], queryPoints.Move[query]);
                (index[query], distance[query]) = Ranking.Nearest(queries.AsSpan(query * dimension, dimension), stored, near, k);
            }

            return buffers;
        }, _ => { });
        return new Neighbours(index, distance);

        ThreadBuffers CreateBuffers() => new(new Candidates(storedPoints, k), new int[part * LatticeProducts.Queries * width]);
    }

    // Embeddings share an offset, which would lengthen their norms and therefore their moves. The mean of some rows removes most of it.
    private static double[] Centre(float[] stored, int dimension, int rows)
    {
        double[] centre = new double[dimension];
        int stride = (rows + CentreRows - 1) / CentreRows;
        int counted = (rows + stride - 1) / stride;
        for (int row = 0; row < rows; row += stride)
        {
            for (int i = 0; i < dimension; i++)
            {
                centre[i] += (double)stored[(row * dimension) + i] / counted;
            }
        }

        return centre;
    }

    private sealed record ThreadBuffers(Candidates Candidates, int[] Dots);
}

/// <summary>The nearest stored rows of some queries, nearest first.</summary>
/// <param name="Index">[queries][k], indices of stored rows.</param>
/// <param name="Distance">[queries][k], their distances.</param>
public sealed record Neighbours(int[][] Index, double[][] Distance);
