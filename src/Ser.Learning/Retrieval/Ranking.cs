using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ser.Learning.Retrieval;

/// <summary>
/// Ranks rows by distances in double, each summed in the order of the coordinates, so that every machine gives the same bits.
/// </summary>
internal static class Ranking
{
    private const int BlockRows = 8;

    /// <summary>Returns the k nearest candidates, nearest first. Of equal distances the lower row index comes first.</summary>
    public static RankedRows Nearest(ReadOnlySpan<float> query, float[] stored, ReadOnlySpan<int> candidates, int k)
    {
        double[] distances = new double[(candidates.Length + BlockRows - 1) / BlockRows * BlockRows];
        Span<int> rows = stackalloc int[BlockRows];
        for (int i = 0; i < candidates.Length; i += BlockRows)
        {
            for (int lane = 0; lane < BlockRows; lane++)
            {
                rows[lane] = candidates[Math.Min(i + lane, candidates.Length - 1)];
            }

            EightDistances(query, stored, rows, distances.AsSpan(i, BlockRows));
        }

        var keys = new (double Distance, int Row)[candidates.Length];
        for (int j = 0; j < keys.Length; j++)
        {
            keys[j] = (distances[j], candidates[j]);
        }

        Array.Sort(keys, (a, b) => a.Distance != b.Distance ? a.Distance.CompareTo(b.Distance) : a.Row.CompareTo(b.Row));
        var nearest = keys[..k];
        return new RankedRows(Array.ConvertAll(nearest, key => key.Row), Array.ConvertAll(nearest, key => key.Distance));
    }

    // Each row has its own lane, so that every sum keeps the order of the coordinates. Eight interleaved sums hide the latency of the
    // additions.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void EightDistances(ReadOnlySpan<float> query, float[] stored, ReadOnlySpan<int> rows, Span<double> distances)
    {
        var (low, high) = (Vector256<double>.Zero, Vector256<double>.Zero);
        nint n = query.Length;
        fixed (float* q = query, s = stored)
        {
            float* s0 = s + (rows[0] * n), s1 = s + (rows[1] * n), s2 = s + (rows[2] * n), s3 = s + (rows[3] * n);
            float* s4 = s + (rows[4] * n), s5 = s + (rows[5] * n), s6 = s + (rows[6] * n), s7 = s + (rows[7] * n);
            for (nint i = 0; i < n; i++)
            {
                var x = Vector256.Create((double)q[i]);
                var a = x - Vector256.WidenLower(Vector128.Create(s0[i], s1[i], s2[i], s3[i]).ToVector256Unsafe());
                var b = x - Vector256.WidenLower(Vector128.Create(s4[i], s5[i], s6[i], s7[i]).ToVector256Unsafe());
                (low, high) = (low + (a * a), high + (b * b));
            }
        }

        Vector256.Sqrt(low).CopyTo(distances);
        Vector256.Sqrt(high).CopyTo(distances[4..]);
    }
}

/// <summary>Rows in order of their distances.</summary>
internal readonly record struct RankedRows(int[] Index, double[] Distance);
