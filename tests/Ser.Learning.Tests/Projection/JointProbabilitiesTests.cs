using Ser.Domain.Experiments;
using Ser.Domain.Randomness;
using Ser.Learning.Projection;
using Ser.TestSupport;

namespace Ser.Learning.Tests.Projection;

public sealed class JointProbabilitiesTests
{
    [Theory]
    [InlineData(5, 1)]
    [InlineData(5, 1e8)]
    [InlineData(29.5, 1e-12)]
    public void Every_row_has_the_perplexity_at_any_scale(double perplexity, double scale)
    {
        var draw = new RandomStream(1, 0, 0, "distances");
        double[] squares = [.. Enumerable.Range(0, 90).Select(_ => scale * (4 + draw.NextDouble())).Order()];
        double[] p = JointProbabilities.Conditional(squares, perplexity);
        Assert.Equal(1, p.Sum(), 1e-12);
        Assert.Equal(perplexity, Math.Exp(-p.Where(value => value > 0).Sum(value => value * Math.Log(value))), 1e-6);
        Assert.Equal(p.OrderDescending(), p);
    }

    [Fact]
    public void Rows_that_are_equal_share_evenly()
    {
        Assert.Equal(Enumerable.Repeat(0.1, 10), JointProbabilities.Conditional(new double[10], 3));

        // Ten neighbours at distance 0 cannot have a perplexity of three: ten is the nearest that is possible.
        double[] p = JointProbabilities.Conditional([.. new double[10], .. Enumerable.Repeat(1.0, 20)], 3);
        Assert.Equal(1, p.Sum(), 1e-12);
        Assert.All(p[..10], value => Assert.Equal(0.1, value, 1e-9));
    }

    [Fact]
    public void They_are_symmetric_sum_to_one_and_leave_the_diagonal_out()
    {
        float[] x = Clusters.Rows(150, 7);
        Array.Copy(x, 0, x, 7, 7); // a duplicate
        var p = JointProbabilities.FromNeighbours(x, 7, 10, threads: 2);
        double sum = 0;
        for (int i = 0; i < p.Count; i++)
        {
            Assert.DoesNotContain(i, p.Columns(i).ToArray());
            for (int a = 0; a < p.Columns(i).Length; a++)
            {
                int j = p.Columns(i)[a];
                sum += p.Values(i)[a];
                Assert.Equal(p.Values(i)[a], p.Values(j)[p.Columns(j).IndexOf(i)]);
            }
        }

        Assert.Equal(1, sum, 1e-12);
    }

    [Fact]
    public void Neighbours_hold_nearly_all_that_all_pairs_hold()
    {
        float[] x = Clusters.Rows(200, 5);
        var near = JointProbabilities.FromNeighbours(x, 5, 10);
        var dense = JointProbabilities.FromAllPairs(x, 5, 10);
        Assert.True(near.Columns(0).Length < 100 && dense.Columns(0).Length == 199);
        double apart = 0;
        for (int i = 0; i < 200; i++)
        {
            for (int a = 0; a < 199; a++)
            {
                int at = near.Columns(i).IndexOf(dense.Columns(i)[a]);
                apart += Math.Abs(dense.Values(i)[a] - (at < 0 ? 0 : near.Values(i)[at]));
            }
        }

        Assert.InRange(apart, 1e-6, 0.1);
    }

    [Theory]
    [InlineData(30, 91, 30)]
    [InlineData(30, 90, 89 / 3.0)]
    [InlineData(30, 2, 1)]
    [InlineData(30, 1, 1)]
    public void Few_rows_lower_the_perplexity(double requested, int rows, double used) =>
        Assert.Equal(used, ProjectionSettings.UsablePerplexity(requested, rows));

    [Theory]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    public void No_perplexity_is_refused(double requested) =>
        Assert.Throws<ArgumentException>(() => ProjectionSettings.UsablePerplexity(requested, 100));
}
