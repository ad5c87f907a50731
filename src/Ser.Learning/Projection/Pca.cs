using System.Numerics;

namespace Ser.Learning.Projection;

/// <summary>
/// Principal components: eigenvectors of the covariance matrix (with n - 1) in double. The sign of a component is such that its entry of
/// largest magnitude (the first one, where several are equal) is positive.
/// </summary>
/// <param name="Mean">[dimension], mean of the rows.</param>
/// <param name="Components">[components][dimension], unit vectors, the largest variance first.</param>
/// <param name="Variance">[components], variance along each, with n - 1; 0 for a single row.</param>
/// <param name="Ratio">[components], the share of the total variance; 0 where all rows are equal.</param>
public sealed record Pca(double[] Mean, double[][] Components, double[] Variance, double[] Ratio)
{
    private const int BlockRows = 16; // rows of the covariance matrix that a thread computes together

    /// <summary>Computes the first components of rows.</summary>
    /// <param name="x">[rows, dimension], row-major.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="components">Number of components. There are fewer where rows have fewer dimensions.</param>
    /// <param name="threads">Number of threads; it does not change the result.</param>
    /// <param name="stop">Cancels the computation.</param>
    /// <exception cref="ArgumentException">The values do not form rows, or one is not finite.</exception>
    public static Pca Fit(float[] x, int dimension, int components, int threads = 1, CancellationToken stop = default)
    {
        int rows = Check(x, dimension);
        double[] mean = new double[dimension];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < dimension; j++)
            {
                mean[j] += x[(i * dimension) + j];
            }
        }

        for (int j = 0; j < dimension; j++)
        {
            mean[j] /= rows;
        }

        double[] centred = Centred(x, mean);
        double[] covariance = Covariance(centred, dimension, threads, stop);
        double total = 0;
        for (int j = 0; j < dimension; j++)
        {
            total += covariance[(j * dimension) + j];
        }

        stop.ThrowIfCancellationRequested();
        int count = Math.Min(components, dimension);
        var (values, vectors) = SymmetricEigen.Decompose(covariance, dimension, count);
        double[] variance = [.. values.Take(count).Select(value => Math.Max(0, value))];
        double[] ratio = Array.ConvertAll(variance, value => total > 0 ? value / total : 0);
        return new Pca(mean, [.. vectors.Select(Signed)], variance, ratio);
    }

    /// <summary>Projects rows onto the components: [rows, components], row-major.</summary>
    public double[] Transform(float[] x)
    {
        int dimension = Mean.Length, count = Components.Length;
        int rows = Check(x, dimension);
        double[] scores = new double[rows * count];
        for (int i = 0; i < rows; i++)
        {
            var row = x.AsSpan(i * dimension, dimension);
            for (int c = 0; c < count; c++)
            {
                double[] component = Components[c];
                double sum = 0;
                for (int j = 0; j < dimension; j++)
                {
                    sum += (row[j] - Mean[j]) * component[j];
                }

                scores[(i * count) + c] = sum;
            }
        }

        return scores;
    }

    private static int Check(float[] x, int dimension)
    {
        if (dimension < 1 || x.Length == 0 || x.Length % dimension != 0)
        {
            throw new ArgumentException($"{x.Length} values do not form rows of {dimension}");
        }

        int broken = Array.FindIndex(x, value => !float.IsFinite(value));
        return broken < 0
            ? x.Length / dimension
            : throw new ArgumentException(
                $"the embedding of row {broken / dimension} is not finite: its model has diverged or its recording is damaged");
    }

    private static double[] Centred(float[] x, double[] mean)
    {
        double[] centred = new double[x.Length];
        for (int i = 0; i < x.Length; i += mean.Length)
        {
            for (int j = 0; j < mean.Length; j++)
            {
                centred[i + j] = x[i + j] - mean[j];
            }
        }

        return centred;
    }

    // Each entry is a sum over the rows in order, four rows at a time.
    private static double[] Covariance(double[] x, int dimension, int threads, CancellationToken stop)
    {
        int rows = x.Length / dimension;
        double[] covariance = new double[dimension * dimension];
        ParallelRows.For((dimension + BlockRows - 1) / BlockRows, threads, (first, end) =>
        {
            for (int block = first; block < end; block++)
            {
                int from = block * BlockRows, to = Math.Min(dimension, from + BlockRows);
                int row = 0;
                for (; row + 3 < rows; row += 4)
                {
                    for (int a = from; a < to; a++)
                    {
                        var sums = covariance.AsSpan((a * dimension) + a, dimension - a);
                        AddFour(sums, x.AsSpan(row * dimension, 4 * dimension), a, dimension);
                    }
                }

                for (; row < rows; row++)
                {
                    for (int a = from; a < to; a++)
                    {
                        for (int b = a; b < dimension; b++)
                        {
                            covariance[(a * dimension) + b] += x[(row * dimension) + a] * x[(row * dimension) + b];
                        }
                    }
                }
            }
        }, stop);
        for (int a = 0; a < dimension; a++)
        {
            for (int b = a; b < dimension; b++)
            {
                double value = covariance[(a * dimension) + b] / Math.Max(1, rows - 1);
                covariance[(a * dimension) + b] = value;
                covariance[(b * dimension) + a] = value;
            }
        }

        return covariance;
    }

    // sums[b - a] += Σ x[row, a] x[row, b] over four rows, element by element, so that the width of a vector changes no bit.
    private static void AddFour(Span<double> sums, ReadOnlySpan<double> x, int a, int dimension)
    {
        double f0 = x[a], f1 = x[dimension + a], f2 = x[(2 * dimension) + a], f3 = x[(3 * dimension) + a];
        var x0 = x[a..dimension];
        var x1 = x[(dimension + a)..(2 * dimension)];
        var x2 = x[((2 * dimension) + a)..(3 * dimension)];
        var x3 = x[((3 * dimension) + a)..];
        int b = 0;
        for (; b + Vector<double>.Count <= sums.Length; b += Vector<double>.Count)
        {
            var sum = new Vector<double>(sums[b..])
                + (f0 * new Vector<double>(x0[b..]))
                + (f1 * new Vector<double>(x1[b..]))
                + (f2 * new Vector<double>(x2[b..]))
                + (f3 * new Vector<double>(x3[b..]));
            sum.CopyTo(sums[b..]);
        }

        for (; b < sums.Length; b++)
        {
            sums[b] = sums[b] + (f0 * x0[b]) + (f1 * x1[b]) + (f2 * x2[b]) + (f3 * x3[b]);
        }
    }

    private static double[] Signed(double[] component)
    {
        double largest = component.MaxBy(Math.Abs);
        return largest < 0 ? Array.ConvertAll(component, value => -value) : component;
    }
}
