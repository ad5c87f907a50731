namespace Ser.Learning.Projection;

/// <summary>How far neighbours on a map are neighbours in fact (Venna and Kaski 2001), between 0 and 1; about 0.5 for a map at random.</summary>
public static class Trustworthiness
{
    /// <summary>1 - 2 / (n k (2n - 3k - 1)) · Σ_i Σ_j max(0, r(i, j) - k): j runs over the k nearest of i on the map, r is its rank among the neighbours of i in the rows.</summary>
    /// <param name="x">[rows, dimension], row-major.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="map">[rows, 2], row-major.</param>
    /// <param name="k">Neighbours.</param>
    /// <param name="threads">Threads; they do not change the result.</param>
    /// <param name="stop">Cancels.</param>
    /// <returns>Null where it is not defined: k is not below half of the rows. Ties go to the lower row.</returns>
    public static double? Of(float[] x, int dimension, double[] map, int k, int threads = 1, CancellationToken stop = default)
    {
        int rows = x.Length / dimension;
        if (map.Length != 2 * rows)
        {
            throw new ArgumentException($"a map of {map.Length / 2} points is none of {rows} rows");
        }

        if (k < 1 || 2 * k >= rows)
        {
            return null;
        }

        int[][] near = new int[rows][];
        Distances.All(map, 2, threads, (i, distances) => near[i] = Nearest.Others(distances, i, k), stop);
        long[] beyond = new long[rows];
        Distances.All(Array.ConvertAll(x, value => (double)value), dimension, threads, (i, distances) => beyond[i] = near[i].Sum(j => Math.Max(0, Nearest.Rank(distances, i, j) - k)), stop);
        return 1 - (2.0 / ((double)rows * k * ((2.0 * rows) - (3.0 * k) - 1)) * beyond.Sum());
    }
}
