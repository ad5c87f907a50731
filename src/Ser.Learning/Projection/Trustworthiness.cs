namespace Ser.Learning.Projection;

/// <summary>
/// How far neighbours on a map are neighbours in the data (Venna and Kaski 2001): 0 to 1, and about 0.5 for a random map.
/// </summary>
public static class Trustworthiness
{
    /// <summary>
    /// Computes 1 - 2 / (n k (2n - 3k - 1)) · Σ_i Σ_j max(0, r(i, j) - k), where j runs over the k nearest neighbours of i on the map,
    /// and r(i, j) is the rank of j among the neighbours of i in the data.
    /// </summary>
    /// <param name="x">[rows, dimension], row-major.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="map">[rows, 2], row-major.</param>
    /// <param name="k">Number of neighbours.</param>
    /// <param name="threads">Number of threads; it does not change the result.</param>
    /// <param name="stop">Cancels the computation.</param>
    /// <returns>The measure, or null where it is undefined because k is not below half the number of rows.</returns>
    public static double? Compute(
        float[] x, int dimension, double[] map, int k, int threads = 1, CancellationToken stop = default)
    {
        int rows = x.Length / dimension;
        if (map.Length != 2 * rows)
        {
            throw new ArgumentException($"a map of {map.Length / 2} points does not match {rows} rows");
        }

        if (k < 1 || 2 * k >= rows)
        {
            return null;
        }

        int[][] near = new int[rows][];
        Distances.ForEachRow(map, 2, threads, (i, distances) => near[i] = NearestRows.Find(distances, i, k), stop);
        long[] excess = new long[rows];
        double[] data = Array.ConvertAll(x, value => (double)value);
        Distances.ForEachRow(data, dimension, threads, (i, distances) => excess[i] = near[i].Sum(j => RankExcess(distances, i, j)), stop);
        return 1 - (2.0 / ((double)rows * k * ((2.0 * rows) - (3.0 * k) - 1)) * excess.Sum());

        int RankExcess(double[] distances, int i, int j) => Math.Max(0, NearestRows.Rank(distances, i, j) - k);
    }
}
