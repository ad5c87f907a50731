using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ser.Learning.Retrieval;

/// <summary>
/// Rows that are moved to points of integer grids: row - centre = step · point + move, where each row has its own step. Products of points
/// are exact in integer arithmetic. By the triangle inequality, the distance between two rows differs from that between their points by at
/// most the lengths of the two moves, which are measured.
/// </summary>
internal sealed class Lattice
{
    // ‖p‖ ≤ 46340 implies |p·p'| ≤ 46340² < 2^31 (Cauchy-Schwarz), so that a product fits 32 bits. The bound is one less because
    // of the rounding of the step.
    private const double LongestPoint = 46339;
    private const double LargestCoordinate = 32766;
    private readonly int _dimension;
    private readonly int _lanes;
    private readonly double _slack;

    /// <param name="values">[rows, dimension], row-major.</param>
    /// <param name="centre">[dimension]. Any centre gives correct results, and a good one makes moves short.</param>
    /// <param name="lanes">Number of rows that are interleaved in <see cref="Points"/>.</param>
    /// <param name="what">The name of a row in messages.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public Lattice(float[] values, double[] centre, int lanes, string what)
    {
        (_dimension, _lanes) = (centre.Length, lanes);
        Pairs = (_dimension + 7) / 8 * 4;

        // Bound for rounding errors: of the move and its length (n·2^-53), of a ranked distance (n·2^-53), and of a squared distance
        // between points, whose root may be off by 2^-24 of the norms.
        _slack = Math.Pow(2, -22) + (_dimension * Math.Pow(2, -50));
        int rows = values.Length / _dimension;
        int groups = (rows + lanes - 1) / lanes;
        Points = new int[checked(groups * lanes * Pairs)];
        Step = new double[groups * lanes];
        Square = new double[Step.Length];
        Move = new double[Step.Length];
        Array.Fill(Square, double.PositiveInfinity, rows, Square.Length - rows);
        double[] origin = new double[2 * Pairs];
        centre.CopyTo(origin, 0);
        Parallel.For(0, groups, () => (Row: new float[2 * Pairs], Centred: new double[2 * Pairs]), (group, _, buffers) =>
        {
            for (int row = group * lanes; row < Math.Min(rows, (group + 1) * lanes); row++)
            {
                values.AsSpan(row * _dimension, _dimension).CopyTo(buffers.Row);
                MoveToPoint(row, buffers.Row, origin, buffers.Centred);
            }

            return buffers;
        }, _ => { });
        if (!Move.All(double.IsFinite))
        {
            int broken = Array.FindIndex(values, value => !float.IsFinite(value)) / _dimension;
            throw new ArgumentException(
                $"the embedding of {what} {broken} is not finite: its model has diverged or its recording is damaged");
        }
    }

    /// <summary>
    /// Number of elements of <see cref="Points"/> per row. Each element holds two coordinates of 16 bits. Padding coordinates are 0.
    /// </summary>
    public int Pairs { get; }

    /// <summary>[groups of lanes][pairs][lanes]. Padding rows are 0.</summary>
    public int[] Points { get; }

    /// <summary>[rows], the step of each row's grid.</summary>
    public double[] Step { get; }

    /// <summary>[rows], ‖step · point‖²; infinite for padding rows.</summary>
    public double[] Square { get; }

    /// <summary>
    /// [rows], the distance by which the row was moved, plus a bound for the rounding errors of everything that is computed from it.
    /// </summary>
    public double[] Move { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MoveToPoint(int row, ReadOnlySpan<float> values, double[] origin, double[] x)
    {
        var (squares, maxima) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (int i = 0; i < x.Length; i += 8)
        {
            var (a, b) = Vector256.Widen(Vector256.Create(values[i..]));
            (a, b) = (a - Vector256.Create(origin, i), b - Vector256.Create(origin, i + 4));
            a.CopyTo(x, i);
            b.CopyTo(x, i + 4);
            squares += (a * a) + (b * b);
            maxima = Vector256.MaxNative(maxima, Vector256.MaxNative(Vector256.Abs(a), Vector256.Abs(b)));
        }

        double norm = Math.Sqrt(Vector256.Sum(squares));
        double largest = Math.Max(Math.Max(maxima[0], maxima[1]), Math.Max(maxima[2], maxima[3]));
        double step = Math.Max(norm / (LongestPoint - (Math.Sqrt(_dimension) / 2)), largest / LargestCoordinate);
        double perStep = step > 0 ? 1 / step : 0;
        var (points, moves) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var target = Points.AsSpan((row / _lanes * _lanes * Pairs) + (row % _lanes));
        for (int i = 0; i < x.Length; i += 8)
        {
            var (a, b) = (Vector256.Create(x, i), Vector256.Create(x, i + 4));
            var (p, q) = (Vector256.Round(a * perStep), Vector256.Round(b * perStep));
            (a, b) = (a - (p * step), b - (q * step));
            points += (p * p) + (q * q);
            moves += (a * a) + (b * b);

            // Packs the lower halves of two neighbouring 32-bit numbers into one.
            var wide = Vector256.ConvertToInt32(Vector256.Narrow(p, q)).AsInt64();
            var pairs = (wide & Vector256.Create(0xFFFFL)) | ((wide >>> 16) & Vector256.Create(0xFFFF0000L));
            for (int lane = 0; lane < 4; lane++)
            {
                target[((i / 2) + lane) * _lanes] = (int)pairs[lane];
            }
        }

        Step[row] = step;
        Square[row] = step * step * Vector256.Sum(points);
        Move[row] = Math.Sqrt(Vector256.Sum(moves)) + (_slack * norm);
    }
}
