using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ser.Learning.Projection;

/// <summary>
/// Euclidean distances by differences in double. Each sum has four lanes on every machine and is added up in the same order, so that
/// results have the same bits everywhere.
/// </summary>
internal static class Distances
{
    /// <summary>Rows whose distances are computed together, so that they stay in the cache while all other rows are read.</summary>
    internal const int Block = 16;

    /// <summary>Computes the distances of all pairs, in blocks of rows on several threads.</summary>
    /// <param name="x">[rows, dimension], row-major.</param>
    /// <param name="dimension">Length of a row.</param>
    /// <param name="threads">Number of threads.</param>
    /// <param name="row">
    /// Called for every row, on any thread, with its index and its distances to all rows. The array is reused after the call.
    /// </param>
    /// <param name="stop">Cancels the computation.</param>
    internal static void ForEachRow(double[] x, int dimension, int threads, Action<int, double[]> row, CancellationToken stop)
    {
        int rows = x.Length / dimension;
        int blocks = (rows + Block - 1) / Block;
        ParallelRows.For(blocks, threads, (first, end) =>
        {
            double[][] distances = [.. Enumerable.Range(0, Block).Select(_ => new double[rows])];
            for (int block = first; block < end; block++)
            {
                stop.ThrowIfCancellationRequested();
                int begin = block * Block, count = Math.Min(Block, rows - begin);
                ComputeBlock(x, dimension, begin, count, distances);
                for (int i = 0; i < count; i++)
                {
                    row(begin + i, distances[i]);
                }
            }
        }, stop);
    }

    private static void ComputeBlock(double[] x, int dimension, int begin, int count, double[][] distances)
    {
        int rows = x.Length / dimension;
        int j = 0;
        for (; j + 3 < rows; j += 4)
        {
            for (int i = 0; i < count; i++)
            {
                var row = x.AsSpan((begin + i) * dimension, dimension);
                FourDistances(row, x.AsSpan(j * dimension, 4 * dimension), distances[i].AsSpan(j, 4));
            }
        }

        for (; j < rows; j++)
        {
            for (int i = 0; i < count; i++)
            {
                distances[i][j] = OneDistance(x.AsSpan((begin + i) * dimension, dimension), x.AsSpan(j * dimension, dimension));
            }
        }
    }

    private static double OneDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
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

        return SquareRootOfSum(sum, a[k..], b[k..]);
    }

    // Four interleaved sums hide the latency of the additions. Each is added up in the same order as in OneDistance.
    private static void FourDistances(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> distances)
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

        distances[0] = SquareRootOfSum(s0, a[k..], b[k..n]);
        distances[1] = SquareRootOfSum(s1, a[k..], b[(n + k)..(2 * n)]);
        distances[2] = SquareRootOfSum(s2, a[k..], b[((2 * n) + k)..(3 * n)]);
        distances[3] = SquareRootOfSum(s3, a[k..], b[((3 * n) + k)..]);
    }

    private static double SquareRootOfSum(Vector256<double> lanes, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
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
