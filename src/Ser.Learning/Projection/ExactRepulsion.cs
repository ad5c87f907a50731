using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ser.Learning.Projection;

/// <summary>All pairs, four at a time, in double: quadratic and without error.</summary>
internal sealed class ExactRepulsion(int threads) : IRepulsion
{
    // So far away that it repels nobody, and yet its square is finite.
    private const double Nowhere = 1e150;

    /// <inheritdoc/>
    public double Of(double[] x, double[] y, double[] forceX, double[] forceY)
    {
        int count = x.Length;
        double[] px = Padded(x), py = Padded(y), sums = new double[count];
        Rows.For(count, threads, (first, end) =>
        {
            for (int i = first; i < end; i++)
            {
                (forceX[i], forceY[i], sums[i]) = Point(px, py, i);
            }
        });
        double z = 0;
        foreach (double sum in sums)
        {
            z += sum;
        }

        return z;
    }

    private static (double X, double Y, double Q) Point(double[] px, double[] py, int i)
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

        return (Sum(forceX), Sum(forceY), Sum(sum) - 1); // without the point itself
    }

    private static double Sum(Vector256<double> lanes) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);

    private static double[] Padded(double[] values)
    {
        double[] padded = new double[(values.Length + 3) / 4 * 4];
        values.CopyTo(padded, 0);
        Array.Fill(padded, Nowhere, values.Length, padded.Length - values.Length);
        return padded;
    }
}
