using Ser.Domain.Randomness;
using Ser.Learning.Projection;
using Ser.TestSupport;

namespace Ser.Learning.Tests.Projection;

public sealed class PcaTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(40)]
    public void A_matrix_is_what_its_eigenvectors_and_values_say(int n)
    {
        var draw = new RandomStream(n, 0, 0, "matrix");
        double[] a = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = i; j < n; j++)
            {
                a[(i * n) + j] = a[(j * n) + i] = draw.NextNormal();
            }
        }

        var (values, vectors) = SymmetricEigen.Decompose([.. a], n, n);
        Assert.Equal(values.OrderDescending(), values);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                Assert.Equal(a[(i * n) + j], Enumerable.Range(0, n).Sum(v => values[v] * vectors[v][i] * vectors[v][j]), 1e-12);
                Assert.Equal(i == j ? 1 : 0, vectors[i].Zip(vectors[j], (x, y) => x * y).Sum(), 1e-12);
            }
        }
    }

    [Fact]
    public void Bits_do_not_depend_on_threads()
    {
        float[] x = Clusters.Rows(203, 37);
        var one = Pca.Fit(x, 37, 5);
        var three = Pca.Fit(x, 37, 5, threads: 3);
        Assert.Equal(one.Variance, three.Variance);
        Assert.Equal(one.Components.SelectMany(row => row), three.Components.SelectMany(row => row));
    }

    [Fact]
    public void Scores_have_the_reported_variance_and_signs_are_fixed()
    {
        float[] x = Clusters.Rows(101, 9);
        var pca = Pca.Fit(x, 9, 9);
        double[] scores = pca.Transform(x);
        for (int c = 0; c < 9; c++)
        {
            double[] along = [.. Enumerable.Range(0, 101).Select(row => scores[(row * 9) + c])];
            Assert.Equal(0, along.Average(), 1e-10);
            Assert.Equal(pca.Variance[c], along.Sum(value => value * value) / 100, 1e-10);
            Assert.True(pca.Components[c].MaxBy(Math.Abs) > 0);
        }

        Assert.Equal(1, pca.Ratio.Sum(), 1e-12);
        float[] mirrored = Array.ConvertAll(x, value => -value);
        Assert.Equal(pca.Components[0], Pca.Fit(mirrored, 9, 9).Components[0].ToArray());
    }

    [Fact]
    public void Constant_columns_one_row_and_more_columns_than_rows_cope()
    {
        float[] x = Clusters.Rows(20, 6);
        for (int row = 0; row < 20; row++)
        {
            x[(row * 6) + 2] = 7;
        }

        var pca = Pca.Fit(x, 6, 6);
        Assert.Equal(0, pca.Variance[5], 1e-12);
        Assert.Equal(1, pca.Ratio.Sum(), 1e-12);
        Assert.All(pca.Components.Take(5), component => Assert.Equal(0, component[2], 1e-12));

        var one = Pca.Fit([1, 2, 3], 3, 10);
        Assert.Equal([0, 0, 0], one.Variance);
        Assert.Equal([0, 0, 0], one.Ratio);
        Assert.All(one.Transform([1, 2, 3]), score => Assert.Equal(0, score));

        var wide = Pca.Fit(Clusters.Rows(3, 10), 10, 10);
        Assert.Equal(1, wide.Ratio.Take(2).Sum(), 1e-12);
        Assert.Equal(0, wide.Variance[2], 1e-10);
    }

    [Fact]
    public void Broken_rows_are_named()
    {
        float[] x = Clusters.Rows(5, 4);
        x[9] = float.NaN;
        Assert.Contains("row 2", Assert.Throws<ArgumentException>(() => Pca.Fit(x, 4, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Pca.Fit([1, 2, 3], 2, 1));
    }
}
