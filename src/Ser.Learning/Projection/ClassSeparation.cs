namespace Ser.Learning.Projection;

/// <summary>How far classes stand apart, by Euclidean distances. Null is what is not defined for so few rows or classes.</summary>
/// <param name="Rows">Rows that were measured.</param>
/// <param name="Silhouette">Mean of (b - a) / max(a, b) over rows: a is the mean distance to the own class, b to the nearest other (Rousseeuw 1987). A row that is alone in its class counts 0.</param>
/// <param name="SilhouetteByClass">The same, over the rows of each class; null for a class without rows.</param>
/// <param name="Purity">Mean share of the nearest <paramref name="Neighbours"/> other rows that are of the row's class.</param>
/// <param name="Neighbours">Neighbours of <paramref name="Purity"/>: ten, or all others where there are fewer.</param>
/// <param name="Intra">Mean distance of two rows of one class, over all such pairs.</param>
/// <param name="Inter">Mean distance of two rows of different classes, over all such pairs.</param>
public sealed record ClassSeparation(
    int Rows, double? Silhouette, IReadOnlyList<double?> SilhouetteByClass, double? Purity, int Neighbours, double? Intra, double? Inter)
{
    private const int MostNeighbours = 10;

    /// <summary>Measures rows.</summary>
    /// <param name="x">[rows, dimension], row-major.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="labels">[rows], class of each, from 0.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="threads">Threads; they do not change the result.</param>
    /// <param name="stop">Cancels.</param>
    public static ClassSeparation Of(double[] x, int dimension, int[] labels, int classes, int threads = 1, CancellationToken stop = default)
    {
        int rows = labels.Length;
        if (x.Length != (long)rows * dimension)
        {
            throw new ArgumentException($"{x.Length} values are not {rows} rows of {dimension}");
        }

        int[] members = [.. Enumerable.Range(0, classes).Select(c => labels.Count(label => label == c))];
        int k = Math.Min(MostNeighbours, Math.Max(0, rows - 1));
        double[] silhouettes = new double[rows], own = new double[rows], others = new double[rows];
        int[] alike = new int[rows];
        Distances.All(x, dimension, threads, (i, distances) =>
        {
            double[] sums = new double[classes];
            for (int j = 0; j < rows; j++)
            {
                sums[labels[j]] += distances[j];
            }

            silhouettes[i] = OfRow(sums, members, labels[i]);
            own[i] = sums[labels[i]];
            others[i] = sums.Sum() - own[i];
            alike[i] = Nearest.Others(distances, i, k).Count(j => labels[j] == labels[i]);
        }, stop);
        double pairs = members.Sum(n => (double)n * (n - 1)), mixed = ((double)rows * (rows - 1)) - pairs;
        bool several = members.Count(n => n > 0) > 1;
        return new ClassSeparation(
            rows,
            several ? silhouettes.Average() : null,
            [.. members.Select((n, c) => several && n > 0 ? silhouettes.Where((_, i) => labels[i] == c).Average() : (double?)null)],
            k > 0 ? alike.Sum() / ((double)rows * k) : null,
            k,
            pairs > 0 ? own.Sum() / pairs : null,
            mixed > 0 ? others.Sum() / mixed : null);
    }

    private static double OfRow(double[] sums, int[] members, int label)
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
