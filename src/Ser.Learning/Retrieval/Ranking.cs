using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ser.Learning.Retrieval;

/// <summary>Distances by differences in double, each summed in the order of the coordinates: equal bits on every machine.</summary>
internal static class Ranking
{
    private const int AtOnce = 8;

    /// <summary>The k nearest of the candidates, nearest first, ties to the lower row.</summary>
    public static (int[] Index, double[] Distance) Nearest(ReadOnlySpan<float> query, float[] stored, ReadOnlySpan<int> candidates, int k)
    {
        double[] distances = new double[(candidates.Length + AtOnce - 1) / AtOnce * AtOnce];
        Span<int> rows = stackalloc int[AtOnce];
        for (int i = 0; i < candidates.Length; i += AtOnce)
        {
            for (int lane = 0; lane < AtOnce; lane++)
            {
                rows[lane] = candidates[Math.Min(i + lane, candidates.Length - 1)];
            }

            Eight(query, stored, rows, distances.AsSpan(i, AtOnce));
        }

        var keys = new (double Distance, int Row)[candidates.Length];
        for (int j = 0; j < keys.Length; j++)
        {
            keys[j] = (distances[j], candidates[j]);
        }

        Array.Sort(keys, (a, b) => a.Distance != b.Distance ? a.Distance.CompareTo(b.Distance) : a.Row.CompareTo(b.Row));
        return (Array.ConvertAll(keys[..k], key => key.Row), Array.ConvertAll(keys[..k], key => key.Distance));
    }

    // A lane for each row, so that every sum keeps the order of its coordinates; eight sums side by side hide the latency of the additions.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Eight(ReadOnlySpan<float> query, float[] stored, ReadOnlySpan<int> rows, Span<double> distances)
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
