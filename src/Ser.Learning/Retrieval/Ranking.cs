namespace Ser.Learning.Retrieval;

/// <summary>Distances by differences in double, each summed in the order of the coordinates: equal bits on every machine.</summary>
internal static class Ranking
{
    /// <summary>The k nearest of the candidates, nearest first, ties to the lower row.</summary>
    public static (int[] Index, double[] Distance) Nearest(ReadOnlySpan<float> query, float[] stored, ReadOnlySpan<int> candidates, int k)
    {
        double[] distances = new double[candidates.Length];
        int i = 0;
        for (; i + 3 < candidates.Length; i += 4)
        {
            Four(query, stored, candidates.Slice(i, 4), distances.AsSpan(i, 4));
        }

        for (; i < candidates.Length; i++)
        {
            distances[i] = One(query, stored.AsSpan(candidates[i] * query.Length, query.Length));
        }

        int[] rows = candidates.ToArray();
        var keys = new (double Distance, int Row)[rows.Length];
        for (int j = 0; j < rows.Length; j++)
        {
            keys[j] = (distances[j], rows[j]);
        }

        Array.Sort(keys, (a, b) => a.Distance != b.Distance ? a.Distance.CompareTo(b.Distance) : a.Row.CompareTo(b.Row));
        return (Array.ConvertAll(keys[..k], key => key.Row), Array.ConvertAll(keys[..k], key => key.Distance));
    }

    private static double One(ReadOnlySpan<float> q, ReadOnlySpan<float> s)
    {
        double sum = 0;
        for (int i = 0; i < q.Length; i++)
        {
            double d = (double)q[i] - s[i];
            sum += d * d;
        }

        return Math.Sqrt(sum);
    }

    // Four sums side by side hide the latency of the additions; each is in the same order as One's.
    private static void Four(ReadOnlySpan<float> q, float[] stored, ReadOnlySpan<int> rows, Span<double> distances)
    {
        int n = q.Length;
        var s0 = stored.AsSpan(rows[0] * n, n);
        var s1 = stored.AsSpan(rows[1] * n, n);
        var s2 = stored.AsSpan(rows[2] * n, n);
        var s3 = stored.AsSpan(rows[3] * n, n);
        double a = 0, b = 0, c = 0, d = 0;
        for (int i = 0; i < n; i++)
        {
            double x = q[i];
            double e0 = x - s0[i], e1 = x - s1[i], e2 = x - s2[i], e3 = x - s3[i];
            a += e0 * e0;
            b += e1 * e1;
            c += e2 * e2;
            d += e3 * e3;
        }

        (distances[0], distances[1], distances[2], distances[3]) = (Math.Sqrt(a), Math.Sqrt(b), Math.Sqrt(c), Math.Sqrt(d));
    }
}
