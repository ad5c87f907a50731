using Ser.Domain.Randomness;

namespace Ser.Learning.Projection;

/// <summary>The objective of t-SNE, KL(P‖Q) in nats, and its gradient. A map is [rows, 2], row-major.</summary>
public static class TSneObjective
{
    /// <summary>Σ p_ij ln(p_ij / q_ij) over the pairs in P, with exact Q.</summary>
    public static double Divergence(JointProbabilities p, double[] map, int threads = 1)
    {
        var (x, y) = Split(map);
        double z = new ExactRepulsion(threads).Compute(x, y, new double[x.Length], new double[x.Length]);
        return Divergence(p, x, y, z, threads);
    }

    /// <summary>4 Σ_j (p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|²) for every i, with exact Q: [rows, 2].</summary>
    public static double[] Gradient(JointProbabilities p, double[] map, int threads = 1)
    {
        var (x, y) = Split(map);
        double[] gx = new double[x.Length], gy = new double[x.Length];
        Gradient(p, 1, x, y, new ExactRepulsion(threads), gx, gy, threads);
        return [.. gx.Zip(gy).SelectMany(pair => new[] { pair.First, pair.Second })];
    }

    internal static double Divergence(JointProbabilities p, double[] x, double[] y, double z, int threads)
    {
        double[] sums = new double[x.Length];
        ParallelRows.For(x.Length, threads, (first, end) =>
        {
            for (int i = first; i < end; i++)
            {
                var columns = p.Columns(i);
                var values = p.Values(i);
                for (int a = 0; a < columns.Length; a++)
                {
                    double dx = x[i] - x[columns[a]], dy = y[i] - y[columns[a]];
                    if (double.IsNormal(values[a]))
                    {
                        double logKernel = PortableMath.Log(1 + (dx * dx) + (dy * dy));
                        sums[i] += values[a] * (PortableMath.Log(values[a]) + PortableMath.Log(z) + logKernel);
                    }
                }
            }
        });
        return Total(sums);
    }

    /// <summary>Computes the gradient with p multiplied by <paramref name="exaggeration"/>. Returns Z of the map.</summary>
    internal static double Gradient(
        JointProbabilities p,
        double exaggeration,
        double[] x,
        double[] y,
        IRepulsion repulsion,
        double[] gradientX,
        double[] gradientY,
        int threads)
    {
        double z = repulsion.Compute(x, y, gradientX, gradientY);
        ParallelRows.For(x.Length, threads, (first, end) =>
        {
            for (int i = first; i < end; i++)
            {
                var columns = p.Columns(i);
                var values = p.Values(i);
                double ax = 0, ay = 0;
                for (int a = 0; a < columns.Length; a++)
                {
                    int j = columns[a];
                    double dx = x[i] - x[j], dy = y[i] - y[j];
                    double weight = values[a] / (1 + (dx * dx) + (dy * dy));
                    ax += weight * dx;
                    ay += weight * dy;
                }

                // A single point has no pairs, so Z is 0.
                gradientX[i] = 4 * ((exaggeration * ax) - (z > 0 ? gradientX[i] / z : 0));
                gradientY[i] = 4 * ((exaggeration * ay) - (z > 0 ? gradientY[i] / z : 0));
            }
        });
        return z;
    }

    /// <summary>Splits a map into its coordinates.</summary>
    internal static MapCoordinates Split(double[] map)
    {
        if (map.Length % 2 != 0)
        {
            throw new ArgumentException($"{map.Length} values do not form points of the plane: the number should be even");
        }

        int count = map.Length / 2;
        double[] x = new double[count], y = new double[count];
        for (int i = 0; i < count; i++)
        {
            (x[i], y[i]) = (map[2 * i], map[(2 * i) + 1]);
        }

        return new MapCoordinates(x, y);
    }

    private static double Total(double[] sums)
    {
        double total = 0;
        foreach (double sum in sums)
        {
            total += sum;
        }

        return total;
    }
}

/// <summary>The coordinates of the points of a map, [rows] each.</summary>
internal readonly record struct MapCoordinates(double[] X, double[] Y);
