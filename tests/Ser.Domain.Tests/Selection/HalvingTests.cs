using Ser.Domain.Selection;

namespace Ser.Domain.Tests.Selection;

/// <summary>Tests which arms successive halving continues.</summary>
public sealed class HalvingTests
{
    [Fact]
    public void Arms_are_placed_by_recall_pooled_over_folds_and_averaged_over_classes()
    {
        // a: classes 3/4 and 1/4 pooled, UA 0.5, though the mean of its folds' UA is higher; b: 2/4 and 3/4, UA 0.625.
        RungPredictions[] answers =
        [
            new("a", "1", [3, 1], [3, 1]), new("a", "2", [0, 0], [1, 3]),
            new("b", "1", [1, 1], [3, 1]), new("b", "2", [1, 2], [1, 3]),
        ];
        Assert.Equal([new RungRank("b", 0.625, true), new RungRank("a", 0.5, false)], Halving.RankArms(["a", "b"], answers, 0.5));
        Assert.All(Halving.RankArms(["a", "b"], answers, 0.51), place => Assert.True(place.Continues));
    }

    [Fact]
    public void Only_folds_that_every_arm_has_count_and_without_any_all_go_on()
    {
        RungPredictions[] answers = [new("a", "1", [0, 0], [2, 2]), new("b", "1", [1, 1], [2, 2]), new("a", "2", [2, 2], [2, 2])];
        Assert.Equal(["b", "a"], Halving.RankArms(["a", "b"], answers, 0.5).Select(place => place.Arm));
        Assert.All(Halving.RankArms(["a", "b", "c"], answers, 0.5), place => Assert.True(place.Continues));
    }

    [Fact]
    public void Of_equal_arms_the_earlier_goes_on_and_classes_without_utterances_do_not_count()
    {
        RungPredictions[] answers = [new("a", "1", [1, 0], [2, 0]), new("b", "1", [1, 0], [2, 0]), new("c", "1", [0, 0], [2, 0])];
        var places = Halving.RankArms(["a", "b", "c"], answers, 0.3);
        Assert.Equal(["a", "b", "c"], places.Select(place => place.Arm));
        Assert.Equal([true, false, false], places.Select(place => place.Continues));
        Assert.Equal(0.5, places[0].Ua);
    }
}
