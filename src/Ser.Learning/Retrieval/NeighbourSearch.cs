namespace Ser.Learning.Retrieval;

/// <summary>
/// Exact Euclidean nearest neighbours. Products of rows rounded to 16-bit lattice points propose candidates, the measured rounding keeps every row that could be among the
/// nearest, and the candidates are ranked by distances of differences in double.
/// </summary>
public static class NeighbourSearch
{
    private const int MostProducts = 4 << 20;
    private const int MostGroups = 8; // of queries, so that they stay in the second cache while stored rows pass
    private const int CentreRows = 256;

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

        double[] centre = Centre(stored, dimension, rows);
        var points = new Lattice(stored, centre, Products.Stored, "stored row");
        var askedPoints = new Lattice(queries, centre, Products.Queries, "query");
        int[][] index = new int[asked][];
        double[][] distance = new double[asked][];
        int width = points.Step.Length;
        int groups = askedPoints.Step.Length / Products.Queries;
        int part = Math.Clamp(Math.Min(MostProducts / (Products.Queries * width), groups / (2 * Environment.ProcessorCount)), 1, MostGroups);
        Parallel.For(0, (groups + part - 1) / part, () => (Keeper: new Candidates(points, k), Dots: new int[part * Products.Queries * width]), (chunk, _, own) =>
        {
            int first = chunk * part;
            int count = Math.Min(part, groups - first);
            Products.Fill(askedPoints, first, count, points, own.Dots);
            for (int query = first * Products.Queries; query < Math.Min(asked, (first + count) * Products.Queries); query++)
            {
                var dots = own.Dots.AsSpan((query - (first * Products.Queries)) * width, width);
                var near = own.Keeper.Keep(dots, askedPoints.Step[query], askedPoints.Square[query], askedPoints.Move[query]);
                (index[query], distance[query]) = Ranking.Nearest(queries.AsSpan(query * dimension, dimension), stored, near, k);
            }

            return own;
        }, _ => { });
        return (index, distance);
    }

    // Embeddings share an offset, which would lengthen their norms and so their moves: the mean of some rows takes most of it.
    private static double[] Centre(float[] stored, int dimension, int rows)
    {
        double[] centre = new double[dimension];
        int every = (rows + CentreRows - 1) / CentreRows;
        int counted = (rows + every - 1) / every;
        for (int row = 0; row < rows; row += every)
        {
            for (int i = 0; i < dimension; i++)
            {
                centre[i] += (double)stored[(row * dimension) + i] / counted;
            }
        }

        return centre;
    }
}
