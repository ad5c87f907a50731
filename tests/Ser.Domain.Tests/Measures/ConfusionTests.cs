using Ser.Domain.Measures;

namespace Ser.Domain.Tests.Measures;

public sealed class ConfusionTests
{
    [Fact]
    public void Ua_is_the_mean_recall_of_the_classes_that_occur()
    {
        var confusion = Confusion.FromPredictions([0, 0, 0, 0, 1, 1], [0, 0, 0, 2, 1, 0], 3);
        Assert.Equal(4.0 / 6, confusion.Wa, 1e-15);
        Assert.Equal((0.75 + 0.5) / 2, confusion.Ua, 1e-15);
        Assert.True(double.IsNaN(confusion.Recalls[2]));
        Assert.Equal([0.75, 0, 0.25], confusion.RowNormalised[0]);
        Assert.Equal([0, 0, 0], confusion.RowNormalised[2]);
    }

    [Fact]
    public void Pooled_is_the_sum()
    {
        var a = Confusion.FromPredictions([0, 1], [0, 0], 2);
        var b = Confusion.FromPredictions([1, 1], [1, 0], 2);
        Assert.Equal([[1, 0], [2, 1]], Confusion.Pooled([a, b], 2).Counts);
        Assert.Equal(4, Confusion.Pooled([a, b], 2).Total);
    }

    [Fact]
    public void Sd_is_over_n_less_one_and_absent_for_one_fold()
    {
        Assert.Equal(new Spread(2, 1), Spread.FromValues([1.0, 2, 3]));
        Assert.Null(Spread.FromValues([0.5]).Sd);
    }

    [Fact]
    public void Nothing_to_count_is_refused() => Assert.Throws<ArgumentException>(() => Confusion.FromPredictions([], [], 2));
}
