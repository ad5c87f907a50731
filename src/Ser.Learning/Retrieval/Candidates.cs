using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ser.Learning.Retrieval;

/// <summary>
/// Selects every stored row that could be among the k nearest of a query, from the exact products of lattice points and the distances by
/// which rows were moved to their points. Each thread needs its own instance.
/// </summary>
internal sealed class Candidates
{
    private readonly Lattice _stored;
    private readonly double[] _distances;
    private readonly double[] _minima;
    private readonly double[] _smallest;
    private readonly double[] _upperBounds;
    private readonly int[] _selected;

    public Candidates(Lattice stored, int k)
    {
        _stored = stored;
        int width = stored.Step.Length;
        (_distances, _upperBounds, _selected) = (new double[width], new double[width + 1], new int[width + 1]);
        _minima = new double[Math.Min(width, 4 * k)];
        _smallest = new double[k];
    }

    /// <summary>Returns stored rows, ascending: at least k, and among them the k nearest.</summary>
    /// <param name="dots">[stored rows with padding], products of the query's point and the stored points.</param>
    /// <param name="step">Step of the query's grid.</param>
    /// <param name="square">‖step · point‖² of the query.</param>
    /// <param name="move">Distance by which the query was moved.</param>
    public ReadOnlySpan<int> Select(ReadOnlySpan<int> dots, double step, double square, double move)
    {
        Measure(dots, step, square);

        // The distance to a row differs from that to its point by at most the two moves. If k rows are certainly within a limit, a row that
        // is certainly beyond it is not among the k nearest. The first limit is the k-th smallest of the minima, which belong to different
        // rows. The second limit is computed from the rows that the first one leaves.
        int count = Collect(Kth(_minima) + (2 * move));
        double limit = Kth(_upperBounds.AsSpan(0, count)) + (2 * move);
        int remaining = 0;
        foreach (int row in _selected.AsSpan(0, count))
        {
            _selected[remaining] = row;
            remaining += _distances[row] - _stored.Move[row] <= limit ? 1 : 0;
        }

        return _selected.AsSpan(0, remaining);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Collect(double limit)
    {
        var moves = MemoryMarshal.Cast<double, Vector256<double>>(_stored.Move);
        var distance = MemoryMarshal.Cast<double, Vector256<double>>(_distances.AsSpan());
        int count = 0;
        for (int j = 0; j < distance.Length; j++)
        {
            if (Vector256.LessThanOrEqualAny(distance[j] - moves[j], Vector256.Create(limit)))
            {
                for (int row = 4 * j; row < (4 * j) + 4; row++)
                {
                    (_selected[count], _upperBounds[count]) = (row, _distances[row] + _stored.Move[row]);
                    count += _distances[row] - _stored.Move[row] <= limit ? 1 : 0;
                }
            }
        }

        return count;
    }

    /// <summary>
    /// Computes the distances between points, [stored rows with padding]. Also computes the minimum of distance plus the stored row's move
    /// in each of several interleaved parts of the rows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal ReadOnlySpan<double> Measure(ReadOnlySpan<int> dots, double step, double square)
    {
        var products = MemoryMarshal.Cast<int, Vector128<int>>(dots);
        var steps = MemoryMarshal.Cast<double, Vector256<double>>(_stored.Step);
        var squares = MemoryMarshal.Cast<double, Vector256<double>>(_stored.Square);
        var moves = MemoryMarshal.Cast<double, Vector256<double>>(_stored.Move);
        var distance = MemoryMarshal.Cast<double, Vector256<double>>(_distances.AsSpan());
        var parts = MemoryMarshal.Cast<double, Vector256<double>>(_minima.AsSpan());
        parts.Fill(Vector256.Create(double.PositiveInfinity));
        var (scale, own) = (Vector256.Create(2 * step), Vector256.Create(square));
        for (int first = 0; first < products.Length; first += parts.Length)
        {
            int count = Math.Min(parts.Length, products.Length - first);
            for (int i = 0; i < count; i++)
            {
                int j = first + i;
                var squared = squares[j] + own - (ToDouble(products[j]) * steps[j] * scale);
                var between = Vector256.Sqrt(Vector256.MaxNative(squared, Vector256<double>.Zero));
                distance[j] = between;
                parts[i] = Vector256.MinNative(parts[i], between + moves[j]);
            }
        }

        return _distances;
    }

    // With the exponent of 2^52, the mantissa of a double is an integer; flipping the sign bit adds 2^31. This is faster than a conversion
    // on processors that cannot convert 64-bit integers.
    private static Vector256<double> ToDouble(Vector128<int> numbers)
    {
        var wide = Vector256.WidenLower((numbers.AsUInt32() ^ Vector128.Create(0x80000000u)).ToVector256Unsafe());
        return (wide | Vector256.Create(0x4330000000000000UL)).AsDouble() - Vector256.Create(4503599627370496.0 + 2147483648.0);
    }

    // The k-th smallest value.
    private double Kth(ReadOnlySpan<double> values)
    {
        Array.Fill(_smallest, double.PositiveInfinity);
        foreach (double value in values)
        {
            if (value < _smallest[^1])
            {
                int slot = _smallest.Length - 1;
                for (; slot > 0 && _smallest[slot - 1] > value; slot--)
                {
                    _smallest[slot] = _smallest[slot - 1];
                }

                _smallest[slot] = value;
            }
        }

        return _smallest[^1];
    }
}
