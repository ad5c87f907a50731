using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ser.Learning.Retrieval;

/// <summary>Keeps every stored row that could be among the k nearest, by exact products of lattice points and how far rows were moved. One for each thread.</summary>
internal sealed class Candidates
{
    private readonly Lattice stored;
    private readonly double[] distances;
    private readonly double[] minima;
    private readonly double[] least;
    private readonly double[] most;
    private readonly int[] kept;

    public Candidates(Lattice stored, int k)
    {
        this.stored = stored;
        int width = stored.Step.Length;
        (distances, most, kept) = (new double[width], new double[width + 1], new int[width + 1]);
        minima = new double[Math.Min(width, 4 * k)];
        least = new double[k];
    }

    /// <summary>Rows of the store, ascending: at least k, and all of the k nearest.</summary>
    /// <param name="dots">[stored with those after the last], products of points.</param>
    /// <param name="step">Of the query's grid.</param>
    /// <param name="square">‖step · point‖² of the query.</param>
    /// <param name="move">How far the query was moved.</param>
    public ReadOnlySpan<int> Keep(ReadOnlySpan<int> dots, double step, double square, double move)
    {
        Measure(dots, step, square);

        // A row is no further than its point by both moves, and no nearer than that. Where k rows are no further than a limit, one that is certainly further is not among the
        // nearest. The first limit is of the minima, each of other rows; the second of the rows which it left.
        int count = Collect(Kth(minima) + (2 * move));
        double limit = Kth(most.AsSpan(0, count)) + (2 * move);
        int sure = 0;
        foreach (int row in kept.AsSpan(0, count))
        {
            kept[sure] = row;
            sure += distances[row] - stored.Move[row] <= limit ? 1 : 0;
        }

        return kept.AsSpan(0, sure);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Collect(double limit)
    {
        var moves = MemoryMarshal.Cast<double, Vector256<double>>(stored.Move);
        var distance = MemoryMarshal.Cast<double, Vector256<double>>(distances.AsSpan());
        int count = 0;
        for (int j = 0; j < distance.Length; j++)
        {
            if (Vector256.LessThanOrEqualAny(distance[j] - moves[j], Vector256.Create(limit)))
            {
                for (int row = 4 * j; row < (4 * j) + 4; row++)
                {
                    (kept[count], most[count]) = (row, distances[row] + stored.Move[row]);
                    count += distances[row] - stored.Move[row] <= limit ? 1 : 0;
                }
            }
        }

        return count;
    }

    /// <summary>[stored with those after the last], distances of points; beside them the least that a distance and the stored row's move make in each of several interleaved parts of the rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal ReadOnlySpan<double> Measure(ReadOnlySpan<int> dots, double step, double square)
    {
        var products = MemoryMarshal.Cast<int, Vector128<int>>(dots);
        var steps = MemoryMarshal.Cast<double, Vector256<double>>(stored.Step);
        var squares = MemoryMarshal.Cast<double, Vector256<double>>(stored.Square);
        var moves = MemoryMarshal.Cast<double, Vector256<double>>(stored.Move);
        var distance = MemoryMarshal.Cast<double, Vector256<double>>(distances.AsSpan());
        var parts = MemoryMarshal.Cast<double, Vector256<double>>(minima.AsSpan());
        parts.Fill(Vector256.Create(double.PositiveInfinity));
        var (scale, own) = (Vector256.Create(2 * step), Vector256.Create(square));
        for (int first = 0; first < products.Length; first += parts.Length)
        {
            int count = Math.Min(parts.Length, products.Length - first);
            for (int i = 0; i < count; i++)
            {
                int j = first + i;
                var between = Vector256.Sqrt(Vector256.MaxNative(squares[j] + own - (ToDouble(products[j]) * steps[j] * scale), Vector256<double>.Zero));
                distance[j] = between;
                parts[i] = Vector256.MinNative(parts[i], between + moves[j]);
            }
        }

        return distances;
    }

    // Beside the exponent of 2^52 a whole number is a mantissa; the flipped sign adds 2^31. Quicker than converting where a processor cannot convert 64 bits.
    private static Vector256<double> ToDouble(Vector128<int> numbers)
    {
        var wide = Vector256.WidenLower((numbers.AsUInt32() ^ Vector128.Create(0x80000000u)).ToVector256Unsafe());
        return (wide | Vector256.Create(0x4330000000000000UL)).AsDouble() - Vector256.Create(4503599627370496.0 + 2147483648.0);
    }

    private double Kth(ReadOnlySpan<double> values)
    {
        Array.Fill(least, double.PositiveInfinity);
        foreach (double value in values)
        {
            if (value < least[^1])
            {
                int slot = least.Length - 1;
                for (; slot > 0 && least[slot - 1] > value; slot--)
                {
                    least[slot] = least[slot - 1];
                }

                least[slot] = value;
            }
        }

        return least[^1];
    }
}
