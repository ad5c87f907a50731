using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ser.Learning.Retrieval;

/// <summary>
/// Rows moved to points of integer grids: row - centre = step · point + a move, with a step for each row. Products of points are exact in whole numbers, and by the triangle
/// inequality a distance between two rows differs from that of their points by at most the two moves, which are measured.
/// </summary>
internal sealed class Lattice
{
    // ‖p‖ ≤ 46340 makes |p·p'| ≤ 46340² < 2^31 (Cauchy-Schwarz): a product fits 32 bits. One less has room for the rounding of the step.
    private const double LongestPoint = 46339;
    private const double LargestCoordinate = 32766;
    private readonly int dimension;
    private readonly int lanes;
    private readonly double slack;

    /// <param name="values">[rows, dimension], row-major.</param>
    /// <param name="centre">[dimension]; any is right, and a good one makes moves short.</param>
    /// <param name="lanes">Rows that lie side by side in <see cref="Points"/>.</param>
    /// <param name="what">What a row is called in messages.</param>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public Lattice(float[] values, double[] centre, int lanes, string what)
    {
        (dimension, this.lanes) = (centre.Length, lanes);
        Pairs = (dimension + 7) / 8 * 4;

        // Rounding: of the move and of its length (n·2^-53), of a distance that is ranked (n·2^-53), and of a squared distance of points, whose root may be off by 2^-24 of the norms.
        slack = Math.Pow(2, -22) + (dimension * Math.Pow(2, -50));
        int rows = values.Length / dimension;
        int groups = (rows + lanes - 1) / lanes;
        Points = new int[checked(groups * lanes * Pairs)];
        Step = new double[groups * lanes];
        Square = new double[Step.Length];
        Move = new double[Step.Length];
        Array.Fill(Square, double.PositiveInfinity, rows, Square.Length - rows);
        double[] origin = new double[2 * Pairs];
        centre.CopyTo(origin, 0);
        Parallel.For(0, groups, () => (new float[2 * Pairs], new double[2 * Pairs]), (group, _, buffers) =>
        {
            for (int row = group * lanes; row < Math.Min(rows, (group + 1) * lanes); row++)
            {
                values.AsSpan(row * dimension, dimension).CopyTo(buffers.Item1);
                Place(row, buffers.Item1, origin, buffers.Item2);
            }

            return buffers;
        }, _ => { });
        if (!Move.All(double.IsFinite))
        {
            int broken = Array.FindIndex(values, value => !float.IsFinite(value)) / dimension;
            throw new ArgumentException($"the embedding of {what} {broken} is not finite: its model has diverged or its audio is broken");
        }
    }

    /// <summary>Numbers of <see cref="Points"/> in a row: each holds two coordinates of 16 bits. Coordinates after the last are 0.</summary>
    public int Pairs { get; }

    /// <summary>[groups of lanes][pairs][lanes]; rows after the last are 0.</summary>
    public int[] Points { get; }

    /// <summary>[rows], the step of each row's grid.</summary>
    public double[] Step { get; }

    /// <summary>[rows], ‖step · point‖²; infinite for rows after the last.</summary>
    public double[] Square { get; }

    /// <summary>[rows], how far the row was moved, with room for the rounding of everything that is computed from it.</summary>
    public double[] Move { get; }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Place(int row, ReadOnlySpan<float> values, double[] origin, double[] x)
    {
        var (squares, most) = (Vector256<double>.Zero, Vector256<double>.Zero);
        for (int i = 0; i < x.Length; i += 8)
        {
            var (a, b) = Vector256.Widen(Vector256.Create(values[i..]));
            (a, b) = (a - Vector256.Create(origin, i), b - Vector256.Create(origin, i + 4));
            a.CopyTo(x, i);
            b.CopyTo(x, i + 4);
            squares += (a * a) + (b * b);
            most = Vector256.MaxNative(most, Vector256.MaxNative(Vector256.Abs(a), Vector256.Abs(b)));
        }

        double norm = Math.Sqrt(Vector256.Sum(squares));
        double largest = Math.Max(Math.Max(most[0], most[1]), Math.Max(most[2], most[3]));
        double step = Math.Max(norm / (LongestPoint - (Math.Sqrt(dimension) / 2)), largest / LargestCoordinate);
        double perStep = step > 0 ? 1 / step : 0;
        var (points, moves) = (Vector256<double>.Zero, Vector256<double>.Zero);
        var target = Points.AsSpan((row / lanes * lanes * Pairs) + (row % lanes));
        for (int i = 0; i < x.Length; i += 8)
        {
            var (a, b) = (Vector256.Create(x, i), Vector256.Create(x, i + 4));
            var (p, q) = (Vector256.Round(a * perStep), Vector256.Round(b * perStep));
            (a, b) = (a - (p * step), b - (q * step));
            points += (p * p) + (q * q);
            moves += (a * a) + (b * b);

            // The lower halves of two neighbouring numbers of 32 bits, side by side.
            var wide = Vector256.ConvertToInt32(Vector256.Narrow(p, q)).AsInt64();
            var pairs = (wide & Vector256.Create(0xFFFFL)) | ((wide >>> 16) & Vector256.Create(0xFFFF0000L));
            for (int lane = 0; lane < 4; lane++)
            {
                target[((i / 2) + lane) * lanes] = (int)pairs[lane];
            }
        }

        Step[row] = step;
        Square[row] = step * step * Vector256.Sum(points);
        Move[row] = Math.Sqrt(Vector256.Sum(moves)) + (slack * norm);
    }
}
