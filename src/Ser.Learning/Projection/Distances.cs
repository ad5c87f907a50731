using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ser.Learning.Projection;

/// <summary>
/// Euclidean distances by differences in double. Each sum has four lanes on every machine and is added up in one order, so it has equal bits everywhere.
/// </summary>
internal static class Distances
{
    /// <summary>Rows that are asked at a time: their values stay in the cache while all others pass by.</summary>
    internal const int Block = 16;

    /// <summary>Distances of all pairs, block by block on some threads.</summary>
    /// <param name="x">[rows, dimension], row-major.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="row">Called for every row, on any thread, with its distances to all rows; the memory is used again afterwards.</param>
    /// <param name="stop">Cancels.</param>
    internal static void All(double[] x, int dimension, int threads, Action<int, double[]> row, CancellationToken stop)
    {
        int rows = x.Length / dimension;
        int blocks = (rows + Block - 1) / Block;
        Rows.For(blocks, threads, (first, end) =>
        {
            double[][] distances = [.. Enumerable.Range(0, Block).Select(_ => new double[rows])];
            for (int block = first; block < end; block++)
            {
                stop.ThrowIfCancellationRequested();
                int begin = block * Block, count = Math.Min(Block, rows - begin);
                From(x, dimension, begin, count, distances);
                for (int i = 0; i < count; i++)
                {
                    row(begin + i, distances[i]);
                }
            }
        }, stop);
    }

    private static void From(double[] x, int dimension, int begin, int count, double[][] distances)
    {
        int rows = x.Length / dimension;
        int j = 0;
        for (; j + 3 < rows; j += 4)
        {
            for (int i = 0; i < count; i++)
            {
                Four(x.AsSpan((begin + i) * dimension, dimension), x.AsSpan(j * dimension, 4 * dimension), distances[i].AsSpan(j, 4));
            }
        }

        for (; j < rows; j++)
        {
            for (int i = 0; i < count; i++)
            {
                distances[i][j] = One(x.AsSpan((begin + i) * dimension, dimension), x.AsSpan(j * dimension, dimension));
            }
        }
    }

    private static double One(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref double p = ref MemoryMarshal.GetReference(a);
        ref double q = ref MemoryMarshal.GetReference(b);
        var sum = Vector256<double>.Zero;
        int k = 0;
        for (; k + 3 < a.Length; k += 4)
        {
            var d = Vector256.LoadUnsafe(ref p, (nuint)k) - Vector256.LoadUnsafe(ref q, (nuint)k);
            sum += d * d;
        }

        return Root(sum, a[k..], b[k..]);
    }

    // Four sums side by side hide the latency of the additions; each is in the same order as One's.
    private static void Four(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> distances)
    {
        int n = a.Length;
        ref double p = ref MemoryMarshal.GetReference(a);
        ref double q = ref MemoryMarshal.GetReference(b);
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        int k = 0;
        for (; k + 3 < n; k += 4)
        {
            var x = Vector256.LoadUnsafe(ref p, (nuint)k);
            var d0 = x - Vector256.LoadUnsafe(ref q, (nuint)k);
            var d1 = x - Vector256.LoadUnsafe(ref q, (nuint)(n + k));
            var d2 = x - Vector256.LoadUnsafe(ref q, (nuint)((2 * n) + k));
            var d3 = x - Vector256.LoadUnsafe(ref q, (nuint)((3 * n) + k));
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }

        distances[0] = Root(s0, a[k..], b[k..n]);
        distances[1] = Root(s1, a[k..], b[(n + k)..(2 * n)]);
        distances[2] = Root(s2, a[k..], b[((2 * n) + k)..(3 * n)]);
        distances[3] = Root(s3, a[k..], b[((3 * n) + k)..]);
    }

    private static double Root(Vector256<double> lanes, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (int k = 0; k < a.Length; k++)
        {
            double d = a[k] - b[k];
            sum += d * d;
        }

        return Math.Sqrt(sum);
    }
}
