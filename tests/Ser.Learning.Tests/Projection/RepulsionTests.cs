using System.Numerics;
using Ser.Domain.Randomness;
using Ser.Learning.Projection;

namespace Ser.Learning.Tests.Projection;

public sealed class RepulsionTests
{
    [Fact]
    public void All_pairs_are_what_the_formula_says()
    {
        var (x, y) = Points(23, 4, 9);
        double[] fx = new double[23], fy = new double[23];
        double z = new ExactRepulsion(1).Compute(x, y, fx, fy), expected = 0;
        for (int i = 0; i < 23; i++)
        {
            double sx = 0, sy = 0;
            for (int j = 0; j < 23; j++)
            {
                double q = 1 / (1 + Math.Pow(x[i] - x[j], 2) + Math.Pow(y[i] - y[j], 2));
                expected += i == j ? 0 : q;
                sx += q * q * (x[i] - x[j]);
                sy += q * q * (y[i] - y[j]);
            }

            Assert.Equal(sx, fx[i], 1e-13);
            Assert.Equal(sy, fy[i], 1e-13);
        }

        Assert.Equal(expected, z, 1e-11);
    }

    // A tree with θ = 0.5 is two to three per cent off on such maps.
    [Theory]
    [InlineData(1e-4, 1e-4)]
    [InlineData(5, 5)]
    [InlineData(20, 20)]
    [InlineData(60, 3)]
    [InlineData(3, 60)]
    public void The_grid_comes_within_one_per_cent_of_all_pairs(double width, double height)
    {
        const int n = 1500;
        var (x, y) = Points(n, width, height);
        double[] ex = new double[n], ey = new double[n], gx = new double[n], gy = new double[n];
        double exact = new ExactRepulsion(1).Compute(x, y, ex, ey);
        double grid = new GridRepulsion(1).Compute(x, y, gx, gy);
        Assert.Equal(exact, grid, 0.001 * exact);
        double wrong = Norm([.. ex.Zip(gx, (a, b) => a - b), .. ey.Zip(gy, (a, b) => a - b)]);
        Assert.True(wrong <= 0.01 * Norm([.. ex, .. ey]), $"{wrong / Norm([.. ex, .. ey])}");
    }

    [Fact]
    public void A_map_too_wide_for_the_finest_grid_gets_a_coarser_one()
    {
        var (x, y) = Points(50, 2000, 2000);
        double[] fx = new double[50], fy = new double[50];
        Assert.True(GridRepulsion.Cells(4000, 4000) <= 1L << 22);
        Assert.True(double.IsFinite(new GridRepulsion(1).Compute(x, y, fx, fy)));
        Assert.Throws<InvalidOperationException>(() => GridRepulsion.Cells(double.NaN, 1));
    }

    [Fact]
    public void Neither_depends_on_threads_and_a_second_map_not_on_the_first()
    {
        var (x, y) = Points(701, 9, 14);
        var (u, v) = Points(701, 30, 8);
        foreach (var make in (Func<int, IRepulsion>[])[threads => new ExactRepulsion(threads), threads => new GridRepulsion(threads)])
        {
            double[] ax = new double[701], ay = new double[701], bx = new double[701], by = new double[701];
            double a = make(1).Compute(x, y, ax, ay);
            var three = make(3);
            three.Compute(u, v, bx, by);
            Assert.Equal(a, three.Compute(x, y, bx, by));
            Assert.Equal(ax, bx);
            Assert.Equal(ay, by);
        }
    }

    [Fact]
    public void A_grid_is_transformed_and_comes_back()
    {
        const int width = 16, height = 32;
        var draw = new RandomStream(1, 0, 0, "grid");
        double[] re = [.. Enumerable.Range(0, width * height).Select(_ => draw.NextNormal())];
        double[] im = [.. re.Select(_ => draw.NextNormal())];
        double[] r = [.. re], i = [.. im];
        var transform = new GridFft(width, height, 2);
        transform.Forward(r, i, height);
        foreach (var (row, column) in new[] { (0, 0), (3, 5), (31, 15) })
        {
            Complex sum = 0;
            for (int at = 0; at < re.Length; at++)
            {
                double turns = ((double)row * (at / width) / height) + ((double)column * (at % width) / width);
                sum += new Complex(re[at], im[at]) * Complex.FromPolarCoordinates(1, -2 * Math.PI * turns);
            }

            int place = (Reversed(row, 5) * width) + Reversed(column, 4);
            Assert.Equal(sum.Real, r[place], 1e-10);
            Assert.Equal(sum.Imaginary, i[place], 1e-10);
        }

        transform.Inverse(r, i, height);
        Assert.True(re.Zip(r).All(pair => Math.Abs(pair.First - (pair.Second / re.Length)) < 1e-12));
        Assert.True(im.Zip(i).All(pair => Math.Abs(pair.First - (pair.Second / re.Length)) < 1e-12));
    }

    private static int Reversed(int value, int bits) => Enumerable.Range(0, bits).Sum(bit => ((value >> bit) & 1) << (bits - 1 - bit));

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));

    private static (double[] X, double[] Y) Points(int count, double width, double height)
    {
        var draw = new RandomStream(count, 0, 0, "points");
        double[] x = [.. Enumerable.Range(0, count).Select(_ => draw.NextUniform(-width, width))];
        double[] y = [.. Enumerable.Range(0, count).Select(_ => draw.NextUniform(-height, height))];
        return (x, y);
    }
}
