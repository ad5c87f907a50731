using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ser.Learning.Projection;

/// <summary>Repulsion between all pairs of points, four pairs at a time in double: exact, in quadratic time.</summary>
internal sealed class ExactRepulsion(int threads) : IRepulsion
{
    // Coordinate of padding points. It is so far away that the force underflows to 0, while its square is still finite.
    private const double FarAway = 1e150;

    /// <inheritdoc/>
    public double Compute(double[] x, double[] y, double[] forceX, double[] forceY)
    {
        int count = x.Length;
        double[] px = Padded(x), py = Padded(y), sums = new double[count];
        ParallelRows.For(count, threads, (first, end) =>
        {
            for (int i = first; i < end; i++)
            {
                (forceX[i], forceY[i], sums[i]) = ForceOn(px, py, i);
            }
        });
        double z = 0;
        foreach (double sum in sums)
        {
            z += sum;
        }

        return z;
    }

    private static Force ForceOn(double[] px, double[] py, int i)
    {
        ref double xs = ref MemoryMarshal.GetArrayDataReference(px);
        ref double ys = ref MemoryMarshal.GetArrayDataReference(py);
        var one = Vector256.Create(1.0);
        var (x, y) = (Vector256.Create(px[i]), Vector256.Create(py[i]));
        Vector256<double> forceX = default, forceY = default, sum = default;
        for (int j = 0; j < px.Length; j += 4)
        {
            var dx = x - Vector256.LoadUnsafe(ref xs, (nuint)j);
            var dy = y - Vector256.LoadUnsafe(ref ys, (nuint)j);
            var q = one / (one + (dx * dx) + (dy * dy));
            sum += q;
            q *= q;
            forceX += q * dx;
            forceY += q * dy;
        }

        return new Force(Sum(forceX), Sum(forceY), Sum(sum) - 1); // q of the point with itself is 1
    }

    private static double Sum(Vector256<double> lanes) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);

    // Pads to a multiple of four.
    private static double[] Padded(double[] values)
    {
        double[] padded = new double[(values.Length + 3) / 4 * 4];
        values.CopyTo(padded, 0);
        Array.Fill(padded, FarAway, values.Length, padded.Length - values.Length);
        return padded;
    }

    // The force on a point, and the sum of q over the other points.
    private readonly record struct Force(double X, double Y, double QSum);
}
