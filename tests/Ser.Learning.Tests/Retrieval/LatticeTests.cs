using System.Numerics;
using System.Runtime.Intrinsics;
using Ser.Domain.Randomness;
using Ser.Learning.Retrieval;

namespace Ser.Learning.Tests.Retrieval;

/// <summary>The margin that makes candidates exact, against whole numbers of any length; a smaller margin loses neighbours.</summary>
public sealed class LatticeTests
{
    private const int Rows = 33;

    public static TheoryData<string, int> Adversaries()
    {
        var all = new TheoryData<string, int>();
        string[] kinds = ["spread", "offset", "huge", "denormal", "exponents", "one-hot", "whole", "ends", "outlier", "zero"];
        foreach (string kind in kinds)
        {
            foreach (int dimension in (int[])[1, 2, 3, 48, 770])
            {
                all.Add(kind, dimension);
            }
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Adversaries))]
    public void Distances_of_points_and_moves_bound_those_of_rows(string kind, int dimension)
    {
        var draw = new RandomStream(dimension, 0, 0, kind);
        float[] stored = Values(kind, Rows, dimension, draw);
        float[] queries = [.. Values(kind, 6, dimension, draw), .. stored[..dimension]];
        double[] centre = [.. Enumerable.Range(0, dimension).Select(i => kind == "outlier" ? 0.5 : stored[i] / 3.0)];
        var points = new Lattice(stored, centre, LatticeProducts.Stored, "row");
        var lookups = new Lattice(queries, centre, LatticeProducts.Queries, "query");
        int width = points.Step.Length;
        int[] dots = new int[2 * LatticeProducts.Queries * width];
        LatticeProducts.Fill(lookups, 0, 2, points, dots);
        var candidates = new Candidates(points, 1);
        for (int query = 0; query < queries.Length / dimension; query++)
        {
            var products = dots.AsSpan(query * width, width);
            double[] distances = candidates.Measure(products, lookups.Step[query], lookups.Square[query]).ToArray();
            double[] ranked = new double[Rows];
            int[] everyRow = [.. Enumerable.Range(0, Rows)];
            var (index, distance) = Ranking.Nearest(queries.AsSpan(query * dimension, dimension), stored, everyRow, Rows);
            Array.Sort(index, distance);
            for (int row = 0; row < Rows; row++)
            {
                double move = points.Move[row] + lookups.Move[query];
                BigInteger Difference(int i) => Whole(queries[(query * dimension) + i]) - Whole(stored[(row * dimension) + i]);
                var squares = Enumerable.Range(0, dimension).Select(i => BigInteger.Pow(Difference(i), 2));
                var exact = squares.Aggregate(BigInteger.Zero, BigInteger.Add);
                var furthest = Whole(distances[row] + move);
                var nearest = Whole(Math.Max(0, distances[row] - move));
                string pair = $"query {query}, row {row}";
                Assert.True(BigInteger.Pow(furthest, 2) >= exact, $"{pair}: further than {distances[row]:R} + {move:R}");
                Assert.True(BigInteger.Pow(nearest, 2) <= exact, $"{pair}: nearer than {distances[row]:R} - {move:R}");
                Assert.InRange(distance[row], distances[row] - move, distances[row] + move);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Adversaries))]
    public void Products_are_those_of_plain_whole_numbers(string kind, int dimension)
    {
        float[] values = Values(kind, Rows, dimension, new RandomStream(dimension, 1, 0, kind));
        double[] centre = new double[dimension];
        var points = new Lattice(values, centre, LatticeProducts.Stored, "row");
        var lookups = new Lattice(values, centre, LatticeProducts.Queries, "query");
        int width = points.Step.Length;
        int[] dots = new int[lookups.Step.Length * width];
        LatticeProducts.Fill(lookups, 0, lookups.Step.Length / LatticeProducts.Queries, points, dots);
        for (int a = 0; a < Rows; a++)
        {
            for (int b = 0; b < Rows; b++)
            {
                long[] p = Coordinates(lookups, LatticeProducts.Queries, a), q = Coordinates(points, LatticeProducts.Stored, b);
                Assert.Equal(p.Zip(q, (x, y) => x * y).Sum(), dots[(a * width) + b]);
            }
        }
    }

    [Fact]
    public void Without_the_processors_own_instruction_products_are_the_same()
    {
        var draw = new RandomStream(3, 0, 0, "portable");
        for (int run = 0; run < 1000; run++)
        {
            short[] a = [.. Enumerable.Range(0, 16).Select(_ => (short)(draw.NextInt(65535) - 32767))];
            short[] b = [.. Enumerable.Range(0, 16).Select(i => (short)(run == 0 ? a[i] : draw.NextInt(65535) - 32767))];
            int[] expected = [.. Enumerable.Range(0, 8).Select(i => (a[2 * i] * b[2 * i]) + (a[(2 * i) + 1] * b[(2 * i) + 1]))];
            Assert.Equal(Vector256.Create(expected),
                LatticeProducts.PortableDot(Vector256.Create(a).AsInt32(), Vector256.Create(b).AsInt32()));
        }
    }

    [Theory]
    [InlineData(1.0, false)]
    [InlineData(0.9, true)]
    public void Nine_tenths_of_the_margin_would_lose_neighbours(double share, bool loses)
    {
        // Two bands far from each other, whose rows differ by a few steps of their grids across the band:
        // moves are as long as they can be, and point along the distances.
        var draw = new RandomStream(5, 0, 0, "bands");
        float[] Row(int row) => [row % 2 == 0 ? 32766 : -32766, (float)draw.NextUniform(-3, 3)];
        float[] Band(int rows) => [.. Enumerable.Range(0, rows).SelectMany(Row)];
        float[] stored = Band(8);
        float[] queries = Band(30_000);
        double[] centre = [0, 0];
        var points = new Lattice(stored, centre, LatticeProducts.Stored, "row");
        var lookups = new Lattice(queries, centre, LatticeProducts.Queries, "query");
        for (int row = 0; row < points.Move.Length; row++)
        {
            points.Move[row] *= share;
        }

        int width = points.Step.Length;
        int[] dots = new int[lookups.Step.Length * width];
        LatticeProducts.Fill(lookups, 0, lookups.Step.Length / LatticeProducts.Queries, points, dots);
        var candidates = new Candidates(points, 1);
        int[] all = [.. Enumerable.Range(0, stored.Length / 2)];
        int lost = 0, left = 0;
        for (int query = 0; query < queries.Length / 2; query++)
        {
            int nearest = Ranking.Nearest(queries.AsSpan(2 * query, 2), stored, all, 1).Index[0];
            double margin = share * lookups.Move[query];
            var selected = candidates.Select(dots.AsSpan(query * width, width), lookups.Step[query], lookups.Square[query], margin);
            lost += selected.Contains(nearest) ? 0 : 1;
            left += selected.Length;
        }

        Assert.Equal(loses, lost > 0);
        Assert.True(left < 3 * all.Length * queries.Length / 8, $"{left} candidates of {queries.Length / 2} queries: nothing was left out");
    }

    private static float[] Values(string kind, int rows, int dimension, RandomStream draw) =>
        [.. Enumerable.Range(0, rows * dimension).Select(i => Value(kind, i, dimension, draw))];

    private static float Value(string kind, int i, int dimension, RandomStream draw) => kind switch
    {
        "spread" => (float)draw.NextUniform(-1, 1),
        "offset" => (float)draw.NextUniform(999.9, 1000.1),
        "huge" => (float)draw.NextUniform(-3.4e38, 3.4e38),
        "denormal" => (float)draw.NextUniform(-1e-43, 1e-43),
        "exponents" => (float)Math.ScaleB(draw.NextUniform(-1, 1), draw.NextInt(270) - 145),
        "one-hot" => i % dimension == draw.NextInt(dimension) ? 1 : 0,
        "whole" => draw.NextInt(5) - 2,
        "ends" => draw.NextInt(2) == 0 ? float.MaxValue : -float.MaxValue,
        "outlier" => i < dimension ? 1e30f : (float)draw.NextUniform(0, 1),
        _ => 0,
    };

    private static long[] Coordinates(Lattice lattice, int lanes, int row)
    {
        int Packed(int pair) => lattice.Points[(((row / lanes * lattice.Pairs) + pair) * lanes) + (row % lanes)];
        return [.. Enumerable.Range(0, 2 * lattice.Pairs).Select(i => (long)(short)(Packed(i / 2) >> (i % 2 * 16)))];
    }

    // In units of 2^-1100: every double and float is a whole number of them.
    private static BigInteger Whole(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)((bits >> 52) & 0x7FF);
        BigInteger mantissa = (bits & 0xFFFFFFFFFFFFF) + (exponent > 0 ? 1L << 52 : 0);
        return BigInteger.CopySign(mantissa << (Math.Max(exponent, 1) - 1075 + 1100), value < 0 ? -1 : 1);
    }
}
