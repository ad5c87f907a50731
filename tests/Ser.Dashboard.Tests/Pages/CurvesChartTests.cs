using Ser.Dashboard.Pages.Sweep;
using Ser.Domain.Jobs;

namespace Ser.Dashboard.Tests.Pages;

public sealed class CurvesChartTests
{
    [Fact]
    public void Only_what_is_new_is_sent_and_the_mean_is_over_the_folds_that_got_there()
    {
        Curve[] curves = [new(1, [Point(1, 0.4), Point(2, 0.6)]), new(2, [Point(1, 0.2)])];
        var added = CurvesChart.NewPoints(curves, new Dictionary<int, int> { [1] = 1, [2] = 1 })!;
        Assert.Equal([[1, 0.6]], added["fold 1"]);
        Assert.DoesNotContain("fold 2", added.Keys);
        Assert.Equal([[1, 0.6]], added["mean"]);
        Assert.Equal([[0, 0.3]], CurvesChart.NewPoints(curves, new Dictionary<int, int> { [1] = 2, [2] = 0 })!["mean"]);
        Assert.Empty(CurvesChart.NewPoints(curves, new Dictionary<int, int> { [1] = 2, [2] = 1 })!);
    }

    [Fact]
    public void A_curve_that_begins_again_is_redrawn()
    {
        Assert.Null(CurvesChart.NewPoints([new Curve(1, [Point(1, 0.4)])], new Dictionary<int, int> { [1] = 3 }));
        Assert.Null(CurvesChart.NewPoints([new Curve(1, [Point(1, 0.4)])], new Dictionary<int, int>()));
    }

    [Fact]
    public void Falls_of_the_learning_rate_are_found_in_any_fold()
    {
        var falling = new Curve(1, [Point(1, 0, 1e-3), Point(2, 0, 9e-4), Point(3, 0, 1e-4)]);
        var other = new Curve(2, [Point(1, 0, 1e-3)]);
        Assert.Equal([3], CurvesChart.LearningRateDrops([falling, other]));
    }

    private static EpochPoint Point(int epoch, double ua, double rate = 1e-3) => new(epoch, 1, 1, 0, 1, ua, ua, rate, 0);
}
