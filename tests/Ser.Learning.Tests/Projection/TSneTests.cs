using Ser.Learning.Projection;
using Ser.TestSupport;

namespace Ser.Learning.Tests.Projection;

public sealed class TSneTests
{
    [Fact]
    public void Bits_depend_on_rows_and_options_and_not_on_threads()
    {
        float[] x = Clusters.Rows(300, 12);
        var options = new TSneOptions { Perplexity = 12, Iterations = 60, Start = MapStart.Random };
        double[] map = TSne.Run(x, 12, options).Map;
        Assert.Equal(map, TSne.Run(x, 12, options with { Threads = 3 }).Map);
        Assert.NotEqual(map, TSne.Run(x, 12, options with { Seed = 2 }).Map);
        double[] fromPca = TSne.Run(x, 12, options with { Start = MapStart.Pca }).Map;
        Assert.Equal(fromPca, TSne.Run(x, 12, options with { Start = MapStart.Pca, Seed = 2 }).Map);
    }

    // Enough points that the grid is used.
    [Fact]
    public void Clusters_stand_apart_and_neighbours_stay()
    {
        const int rows = 1500;
        float[] x = Clusters.Rows(rows, 10);
        var map = TSne.Run(x, 10, new TSneOptions { Iterations = 250, Threads = 2 });
        var separation = ClassSeparation.Compute(map.Map, 2, Clusters.Labels(rows), 4, 2);
        Assert.InRange(separation.Silhouette!.Value, 0.6, 1);
        Assert.Equal(1, separation.Purity!.Value, 0.01);
        Assert.InRange(Trustworthiness.Compute(x, 10, map.Map, 12, 2)!.Value, 0.9, 1);
        Assert.Equal(0, map.Map.Where((_, i) => i % 2 == 0).Average(), 1e-9);
    }

    [Fact]
    public void Every_step_is_reported_and_the_divergence_falls()
    {
        var reported = new List<TSneProgress>();
        var map = TSne.Run(Clusters.Rows(120, 6), 6, new TSneOptions { Perplexity = 10, Iterations = 300 }, reported.Add);
        Assert.Equal(Enumerable.Range(1, 300), reported.Select(progress => progress.Iteration));
        Assert.True(map.Divergence < reported[0].Divergence / 2, $"{reported[0].Divergence} to {map.Divergence}");
        Assert.Equal(reported[^1].Divergence, map.Divergence, 0.1);
    }

    [Fact]
    public void A_stop_ends_it_at_the_next_step()
    {
        using var stop = new CancellationTokenSource();
        int last = 0;
        Assert.Throws<OperationCanceledException>(() => TSne.Run(Clusters.Rows(60, 5), 5, new TSneOptions { Threads = 2 }, progress =>
        {
            last = progress.Iteration;
            if (last == 7)
            {
                stop.Cancel();
            }
        }, stop.Token));
        Assert.Equal(7, last);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(3, 3)]
    [InlineData(7, 1)]
    [InlineData(40, 1)]
    public void Few_rows_and_a_single_column_give_a_finite_map(int rows, int dimension)
    {
        var map = TSne.Run(Clusters.Rows(rows, dimension), dimension, new TSneOptions());
        Assert.Equal(2 * rows, map.Map.Length);
        Assert.All(map.Map, value => Assert.True(double.IsFinite(value)));
        Assert.True(double.IsFinite(map.Divergence));
        Assert.Equal(Math.Max(1, (rows - 1) / 3.0), map.Perplexity);
    }

    [Fact]
    public void Rows_that_are_all_equal_or_half_of_them_give_a_finite_map()
    {
        var equal = TSne.Run([.. Enumerable.Repeat(0.5f, 50 * 4)], 4, new TSneOptions { Perplexity = 5 });
        Assert.All(equal.Map, value => Assert.True(double.IsFinite(value)));

        float[] x = Clusters.Rows(80, 4);
        for (int row = 1; row < 40; row++)
        {
            Array.Copy(x, 0, x, row * 4, 4);
        }

        var half = TSne.Run(x, 4, new TSneOptions { Perplexity = 5 });
        Assert.All(half.Map, value => Assert.True(double.IsFinite(value)));
        Assert.True(double.IsFinite(half.Divergence));
    }

    [Fact]
    public void Rows_in_a_line_use_the_plane()
    {
        float[] x = [.. Enumerable.Range(0, 120).SelectMany(i => new[] { 3f, i })];
        double[] map = TSne.Run(x, 2, new TSneOptions { Perplexity = 10 }).Map;
        double across = Math.Min(Spread(map, 0), Spread(map, 1));
        Assert.True(across > 1, $"{across}");
        Assert.True(Trustworthiness.Compute(x, 2, map, 5) > 0.95);
    }

    [Fact]
    public void A_row_that_is_not_finite_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => TSne.Run([1, 2, float.NaN, 4], 2, new TSneOptions()));
        Assert.Contains("not finite", error.Message, StringComparison.Ordinal);
    }

    private static double Spread(double[] map, int column)
    {
        double[] along = [.. map.Where((_, i) => i % 2 == column)];
        return along.Max() - along.Min();
    }
}
