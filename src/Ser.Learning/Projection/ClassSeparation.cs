namespace Ser.Learning.Projection;

/// <summary>
/// Measures of class separation, by Euclidean distances. A measure is null where there are too few rows or classes to define it.
/// </summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Silhouette">
/// Mean of (b - a) / max(a, b) over rows, where a is the mean distance to the row's own class and b that to the nearest other class
/// (Rousseeuw 1987). A row that is alone in its class counts as 0.
/// </param>
/// <param name="SilhouetteByClass">The same over the rows of each class; null for a class without rows.</param>
/// <param name="Purity">Mean share of a row's class among its nearest <paramref name="Neighbours"/> other rows.</param>
/// <param name="Neighbours">Number of neighbours for <paramref name="Purity"/>: ten, or all others where there are fewer.</param>
/// <param name="Intra">Mean distance of two rows of the same class, over all such pairs.</param>
/// <param name="Inter">Mean distance of two rows of different classes, over all such pairs.</param>
public sealed record ClassSeparation(
    int Rows,
    double? Silhouette,
    IReadOnlyList<double?> SilhouetteByClass,
    double? Purity,
    int Neighbours,
    double? Intra,
    double? Inter)
{
    private const int MaxNeighbours = 10;

    /// <summary>Computes all measures.</summary>
    /// <param name="x">[rows, dimension], row-major.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="labels">[rows], the class of each row, from 0.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="threads">Number of threads; it does not change the result.</param>
    /// <param name="stop">Cancels the computation.</param>
    public static ClassSeparation Compute(
        double[] x, int dimension, int[] labels, int classes, int threads = 1, CancellationToken stop = default)
    {
        int rows = labels.Length;
        if (x.Length != (long)rows * dimension)
        {
            throw new ArgumentException($"{x.Length} values are not {rows} rows of {dimension}");
        }

        int[] members = [.. Enumerable.Range(0, classes).Select(c => labels.Count(label => label == c))];
        int k = Math.Min(MaxNeighbours, Math.Max(0, rows - 1));
        double[] silhouettes = new double[rows], ownSums = new double[rows], otherSums = new double[rows];
        int[] sameClass = new int[rows];
        Distances.ForEachRow(x, dimension, threads, (i, distances) =>
        {
            double[] sums = new double[classes];
            for (int j = 0; j < rows; j++)
            {
                sums[labels[j]] += distances[j];
            }

            silhouettes[i] = SilhouetteOfRow(sums, members, labels[i]);
            ownSums[i] = sums[labels[i]];
            otherSums[i] = sums.Sum() - ownSums[i];
            sameClass[i] = NearestRows.Find(distances, i, k).Count(j => labels[j] == labels[i]);
        }, stop);
        double pairs = members.Sum(n => (double)n * (n - 1));
        double mixedPairs = ((double)rows * (rows - 1)) - pairs;
        bool several = members.Count(n => n > 0) > 1;
        return new ClassSeparation(
            rows,
            several ? silhouettes.Average() : null,
            [.. members.Select((n, c) => several && n > 0 ? SilhouetteOfClass(c) : (double?)null)],
            k > 0 ? sameClass.Sum() / ((double)rows * k) : null,
            k,
            pairs > 0 ? ownSums.Sum() / pairs : null,
            mixedPairs > 0 ? otherSums.Sum() / mixedPairs : null);

        double SilhouetteOfClass(int c) => silhouettes.Where((_, i) => labels[i] == c).Average();
    }

    private static double SilhouetteOfRow(double[] sums, int[] members, int label)
    {
        if (members[label] == 1)
        {
            return 0;
        }

        double a = sums[label] / (members[label] - 1);
        double b = double.PositiveInfinity;
        for (int c = 0; c < sums.Length; c++)
        {
            b = c != label && members[c] > 0 ? Math.Min(b, sums[c] / members[c]) : b;
        }

        return double.IsFinite(b) && Math.Max(a, b) > 0 ? (b - a) / Math.Max(a, b) : 0;
    }
}
