using System.Numerics;
using Ser.Domain.Randomness;

namespace Ser.Learning.Projection;

/// <summary>
/// Complex Fourier transform of a grid whose sides are powers of two, forward with frequencies in bit-reversed order and back from it: enough for convolutions,
/// and nothing has to be moved. Every step is done element by element, so neither threads nor the width of a vector change a bit.
/// </summary>
internal sealed class GridFft
{
    private const int Strip = 32; // columns that are transformed together, so that they stay in the cache
    private readonly double[][] cos;
    private readonly double[][] sin;
    private readonly int threads;

    /// <param name="width">Columns, a power of two.</param>
    /// <param name="height">Rows, a power of two.</param>
    /// <param name="threads">Threads.</param>
    internal GridFft(int width, int height, int threads)
    {
        Width = width;
        Height = height;
        this.threads = threads;
        int levels = BitOperations.Log2((uint)Math.Max(width, height));
        cos = new double[levels][];
        sin = new double[levels][];
        for (int level = 0; level < levels; level++)
        {
            int size = 1 << level;
            cos[level] = new double[size];
            sin[level] = new double[size];
            for (int k = 0; k < size; k++)
            {
                double turns = 0.5 * k / size;
                (cos[level][k], sin[level][k]) = (Exact.CosTurns(turns), -Exact.SinTurns(turns)); // e^(-2πi k / 2size)
            }
        }
    }

    internal int Width { get; }

    internal int Height { get; }

    /// <summary>Transforms a grid [height, width] of which only the first <paramref name="filled"/> rows are not zero.</summary>
    internal void Forward(double[] re, double[] im, int filled)
    {
        Rows.For(filled, threads, (first, end) =>
        {
            for (int row = first; row < end; row++)
            {
                ForwardRow(re.AsSpan(row * Width, Width), im.AsSpan(row * Width, Width));
            }
        });
        ForStrips((column, count) => ForwardColumns(re, im, column, count));
    }

    /// <summary>The inverse, times the number of cells; only the first <paramref name="wanted"/> rows are right.</summary>
    internal void Inverse(double[] re, double[] im, int wanted)
    {
        ForStrips((column, count) => InverseColumns(re, im, column, count));
        Rows.For(wanted, threads, (first, end) =>
        {
            for (int row = first; row < end; row++)
            {
                InverseRow(re.AsSpan(row * Width, Width), im.AsSpan(row * Width, Width));
            }
        });
    }

    private void ForStrips(Action<int, int> strip) => Rows.For((Width + Strip - 1) / Strip, threads, (first, end) =>
    {
        for (int s = first; s < end; s++)
        {
            strip(s * Strip, Math.Min(Strip, Width - (s * Strip)));
        }
    });

    private void ForwardRow(Span<double> re, Span<double> im)
    {
        for (int level = BitOperations.Log2((uint)Width) - 1; level >= 0; level--)
        {
            int size = 1 << level;
            for (int i = 0; i < re.Length; i += 2 * size)
            {
                Apart(re.Slice(i, size), im.Slice(i, size), re.Slice(i + size, size), im.Slice(i + size, size), cos[level], sin[level]);
            }
        }
    }

    private void InverseRow(Span<double> re, Span<double> im)
    {
        for (int level = 0; 1 << level < re.Length; level++)
        {
            int size = 1 << level;
            for (int i = 0; i < re.Length; i += 2 * size)
            {
                Together(re.Slice(i, size), im.Slice(i, size), re.Slice(i + size, size), im.Slice(i + size, size), cos[level], sin[level]);
            }
        }
    }

    private void ForwardColumns(double[] re, double[] im, int column, int count)
    {
        for (int level = BitOperations.Log2((uint)Height) - 1; level >= 0; level--)
        {
            int size = 1 << level;
            for (int pair = 0; pair < Height / 2; pair++)
            {
                int k = pair & (size - 1), upper = (((2 * (pair - k)) + k) * Width) + column, lower = upper + (size * Width);
                Apart(
                    re.AsSpan(upper, count), im.AsSpan(upper, count), re.AsSpan(lower, count), im.AsSpan(lower, count), cos[level][k], sin[level][k]);
            }
        }
    }

    private void InverseColumns(double[] re, double[] im, int column, int count)
    {
        for (int level = 0; 1 << level < Height; level++)
        {
            int size = 1 << level;
            for (int pair = 0; pair < Height / 2; pair++)
            {
                int k = pair & (size - 1), upper = (((2 * (pair - k)) + k) * Width) + column, lower = upper + (size * Width);
                Together(
                    re.AsSpan(upper, count), im.AsSpan(upper, count), re.AsSpan(lower, count), im.AsSpan(lower, count), cos[level][k], sin[level][k]);
            }
        }
    }

    // (a, b) ← (a + b, (a - b) w), with a factor for each element.
    private static void Apart(Span<double> ar, Span<double> ai, Span<double> br, Span<double> bi, double[] cos, double[] sin)
    {
        int k = 0;
        for (; k + Vector<double>.Count <= ar.Length; k += Vector<double>.Count)
        {
            Apart(ar[k..], ai[k..], br[k..], bi[k..], new Vector<double>(cos, k), new Vector<double>(sin, k));
        }

        for (; k < ar.Length; k++)
        {
            ApartOne(ref ar[k], ref ai[k], ref br[k], ref bi[k], cos[k], sin[k]);
        }
    }

    // The same with one factor for all.
    private static void Apart(Span<double> ar, Span<double> ai, Span<double> br, Span<double> bi, double cos, double sin)
    {
        var (c, s) = (new Vector<double>(cos), new Vector<double>(sin));
        int k = 0;
        for (; k + Vector<double>.Count <= ar.Length; k += Vector<double>.Count)
        {
            Apart(ar[k..], ai[k..], br[k..], bi[k..], c, s);
        }

        for (; k < ar.Length; k++)
        {
            ApartOne(ref ar[k], ref ai[k], ref br[k], ref bi[k], cos, sin);
        }
    }

    private static void Apart(Span<double> ar, Span<double> ai, Span<double> br, Span<double> bi, Vector<double> c, Vector<double> s)
    {
        var (x, y, u, v) = (new Vector<double>(ar), new Vector<double>(ai), new Vector<double>(br), new Vector<double>(bi));
        var (dr, di) = (x - u, y - v);
        (x + u).CopyTo(ar);
        (y + v).CopyTo(ai);
        ((dr * c) - (di * s)).CopyTo(br);
        ((dr * s) + (di * c)).CopyTo(bi);
    }

    private static void ApartOne(ref double ar, ref double ai, ref double br, ref double bi, double c, double s)
    {
        double dr = ar - br, di = ai - bi;
        (ar, ai) = (ar + br, ai + bi);
        (br, bi) = ((dr * c) - (di * s), (dr * s) + (di * c));
    }

    // (a, b) ← (a + b w*, a - b w*).
    private static void Together(Span<double> ar, Span<double> ai, Span<double> br, Span<double> bi, double[] cos, double[] sin)
    {
        int k = 0;
        for (; k + Vector<double>.Count <= ar.Length; k += Vector<double>.Count)
        {
            Together(ar[k..], ai[k..], br[k..], bi[k..], new Vector<double>(cos, k), new Vector<double>(sin, k));
        }

        for (; k < ar.Length; k++)
        {
            TogetherOne(ref ar[k], ref ai[k], ref br[k], ref bi[k], cos[k], sin[k]);
        }
    }

    private static void Together(Span<double> ar, Span<double> ai, Span<double> br, Span<double> bi, double cos, double sin)
    {
        var (c, s) = (new Vector<double>(cos), new Vector<double>(sin));
        int k = 0;
        for (; k + Vector<double>.Count <= ar.Length; k += Vector<double>.Count)
        {
            Together(ar[k..], ai[k..], br[k..], bi[k..], c, s);
        }

        for (; k < ar.Length; k++)
        {
            TogetherOne(ref ar[k], ref ai[k], ref br[k], ref bi[k], cos, sin);
        }
    }

    private static void Together(Span<double> ar, Span<double> ai, Span<double> br, Span<double> bi, Vector<double> c, Vector<double> s)
    {
        var (x, y, u, v) = (new Vector<double>(ar), new Vector<double>(ai), new Vector<double>(br), new Vector<double>(bi));
        var (tr, ti) = ((u * c) + (v * s), (v * c) - (u * s));
        (x + tr).CopyTo(ar);
        (y + ti).CopyTo(ai);
        (x - tr).CopyTo(br);
        (y - ti).CopyTo(bi);
    }

    private static void TogetherOne(ref double ar, ref double ai, ref double br, ref double bi, double c, double s)
    {
        double tr = (br * c) + (bi * s), ti = (bi * c) - (br * s);
        (br, bi) = (ar - tr, ai - ti);
        (ar, ai) = (ar + tr, ai + ti);
    }
}
