using System.Numerics;
using Ser.Domain.Randomness;

namespace Ser.Learning.Projection;

/// <summary>
/// Complex Fourier transform of a grid whose sides are powers of two. The forward transform leaves frequencies in bit-reversed order, and
/// the inverse takes them in that order, which is sufficient for convolutions and saves the permutation. Every step works element by
/// element, so that neither the number of threads nor the width of a vector changes any bit.
/// </summary>
internal sealed class GridFft
{
    private const int StripWidth = 32; // columns that are transformed together, so that they stay in the cache
    private readonly double[][] _cos;
    private readonly double[][] _sin;
    private readonly int _threads;

    /// <param name="width">Columns, a power of two.</param>
    /// <param name="height">Rows, a power of two.</param>
    /// <param name="threads">Number of threads.</param>
    internal GridFft(int width, int height, int threads)
    {
        Width = width;
        Height = height;
        _threads = threads;
        int levels = BitOperations.Log2((uint)Math.Max(width, height));
        _cos = new double[levels][];
        _sin = new double[levels][];
        for (int level = 0; level < levels; level++)
        {
            int size = 1 << level;
            _cos[level] = new double[size];
            _sin[level] = new double[size];
            for (int k = 0; k < size; k++)
            {
                double turns = 0.5 * k / size;
                (_cos[level][k], _sin[level][k]) = (PortableMath.CosTurns(turns), -PortableMath.SinTurns(turns)); // e^(-2πi k / 2size)
            }
        }
    }

    internal int Width { get; }

    internal int Height { get; }

    /// <summary>Transforms a grid [height, width] of which only the first <paramref name="filled"/> rows are not zero.</summary>
    internal void Forward(double[] re, double[] im, int filled)
    {
        ParallelRows.For(filled, _threads, (first, end) =>
        {
            for (int row = first; row < end; row++)
            {
                ForwardRow(re.AsSpan(row * Width, Width), im.AsSpan(row * Width, Width));
            }
        });
        ForStrips((column, count) => ForwardColumns(re, im, column, count));
    }

    /// <summary>
    /// The inverse transform times the number of cells. Only the first <paramref name="rows"/> rows of the result are valid.
    /// </summary>
    internal void Inverse(double[] re, double[] im, int rows)
    {
        ForStrips((column, count) => InverseColumns(re, im, column, count));
        ParallelRows.For(rows, _threads, (first, end) =>
        {
            for (int row = first; row < end; row++)
            {
                InverseRow(re.AsSpan(row * Width, Width), im.AsSpan(row * Width, Width));
            }
        });
    }

    private void ForStrips(Action<int, int> transform) => ParallelRows.For((Width + StripWidth - 1) / StripWidth, _threads, (first, end) =>
    {
        for (int strip = first; strip < end; strip++)
        {
            int column = strip * StripWidth;
            transform(column, Math.Min(StripWidth, Width - column));
        }
    });

    private void ForwardRow(Span<double> re, Span<double> im)
    {
        for (int level = BitOperations.Log2((uint)Width) - 1; level >= 0; level--)
        {
            int size = 1 << level;
            for (int i = 0; i < re.Length; i += 2 * size)
            {
                int j = i + size;
                ForwardButterfly(re.Slice(i, size), im.Slice(i, size), re.Slice(j, size), im.Slice(j, size), _cos[level], _sin[level]);
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
                int j = i + size;
                InverseButterfly(re.Slice(i, size), im.Slice(i, size), re.Slice(j, size), im.Slice(j, size), _cos[level], _sin[level]);
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
                int k = pair & (size - 1);
                int upper = (((2 * (pair - k)) + k) * Width) + column;
                int lower = upper + (size * Width);
                ForwardButterfly(
                    re.AsSpan(upper, count),
                    im.AsSpan(upper, count),
                    re.AsSpan(lower, count),
                    im.AsSpan(lower, count),
                    _cos[level][k],
                    _sin[level][k]);
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
                int k = pair & (size - 1);
                int upper = (((2 * (pair - k)) + k) * Width) + column;
                int lower = upper + (size * Width);
                InverseButterfly(
                    re.AsSpan(upper, count),
                    im.AsSpan(upper, count),
                    re.AsSpan(lower, count),
                    im.AsSpan(lower, count),
                    _cos[level][k],
                    _sin[level][k]);
            }
        }
    }

    // Forward butterfly: (a, b) ← (a + b, (a - b) w), with a factor w for each element.
    private static void ForwardButterfly(Span<double> ar, Span<double> ai, Span<double> br, Span<double> bi, double[] cos, double[] sin)
    {
        int k = 0;
        for (; k + Vector<double>.Count <= ar.Length; k += Vector<double>.Count)
        {
            ForwardButterfly(ar[k..], ai[k..], br[k..], bi[k..], new Vector<double>(cos, k), new Vector<double>(sin, k));
        }

        for (; k < ar.Length; k++)
        {
            ForwardButterflyScalar(ref ar[k], ref ai[k], ref br[k], ref bi[k], cos[k], sin[k]);
        }
    }

    // The same with one factor for all elements.
    private static void ForwardButterfly(Span<double> ar, Span<double> ai, Span<double> br, Span<double> bi, double cos, double sin)
    {
        var (c, s) = (new Vector<double>(cos), new Vector<double>(sin));
        int k = 0;
        for (; k + Vector<double>.Count <= ar.Length; k += Vector<double>.Count)
        {
            ForwardButterfly(ar[k..], ai[k..], br[k..], bi[k..], c, s);
        }

        for (; k < ar.Length; k++)
        {
            ForwardButterflyScalar(ref ar[k], ref ai[k], ref br[k], ref bi[k], cos, sin);
        }
    }

    private static void ForwardButterfly(
        Span<double> ar, Span<double> ai, Span<double> br, Span<double> bi, Vector<double> c, Vector<double> s)
    {
        var (x, y, u, v) = (new Vector<double>(ar), new Vector<double>(ai), new Vector<double>(br), new Vector<double>(bi));
        var (dr, di) = (x - u, y - v);
        (x + u).CopyTo(ar);
        (y + v).CopyTo(ai);
        ((dr * c) - (di * s)).CopyTo(br);
        ((dr * s) + (di * c)).CopyTo(bi);
    }

    private static void ForwardButterflyScalar(ref double ar, ref double ai, ref double br, ref double bi, double c, double s)
    {
        double dr = ar - br, di = ai - bi;
        (ar, ai) = (ar + br, ai + bi);
        (br, bi) = ((dr * c) - (di * s), (dr * s) + (di * c));
    }

    // Inverse butterfly: (a, b) ← (a + b w*, a - b w*), where w* is the complex conjugate of w.
    private static void InverseButterfly(Span<double> ar, Span<double> ai, Span<double> br, Span<double> bi, double[] cos, double[] sin)
    {
        int k = 0;
        for (; k + Vector<double>.Count <= ar.Length; k += Vector<double>.Count)
        {
            InverseButterfly(ar[k..], ai[k..], br[k..], bi[k..], new Vector<double>(cos, k), new Vector<double>(sin, k));
        }

        for (; k < ar.Length; k++)
        {
            InverseButterflyScalar(ref ar[k], ref ai[k], ref br[k], ref bi[k], cos[k], sin[k]);
        }
    }

    private static void InverseButterfly(Span<double> ar, Span<double> ai, Span<double> br, Span<double> bi, double cos, double sin)
    {
        var (c, s) = (new Vector<double>(cos), new Vector<double>(sin));
        int k = 0;
        for (; k + Vector<double>.Count <= ar.Length; k += Vector<double>.Count)
        {
            InverseButterfly(ar[k..], ai[k..], br[k..], bi[k..], c, s);
        }

        for (; k < ar.Length; k++)
        {
            InverseButterflyScalar(ref ar[k], ref ai[k], ref br[k], ref bi[k], cos, sin);
        }
    }

    private static void InverseButterfly(
        Span<double> ar, Span<double> ai, Span<double> br, Span<double> bi, Vector<double> c, Vector<double> s)
    {
        var (x, y, u, v) = (new Vector<double>(ar), new Vector<double>(ai), new Vector<double>(br), new Vector<double>(bi));
        var (tr, ti) = ((u * c) + (v * s), (v * c) - (u * s));
        (x + tr).CopyTo(ar);
        (y + ti).CopyTo(ai);
        (x - tr).CopyTo(br);
        (y - ti).CopyTo(bi);
    }

    private static void InverseButterflyScalar(ref double ar, ref double ai, ref double br, ref double bi, double c, double s)
    {
        double tr = (br * c) + (bi * s), ti = (bi * c) - (br * s);
        (br, bi) = (ar - tr, ai - ti);
        (ar, ai) = (ar + tr, ai + ti);
    }
}
