using Ser.Dashboard.Parts;
using Ser.Domain.Measures;

namespace Ser.Dashboard.Tests.Pages;

public sealed class ConfusionCellsTests
{
    private static readonly Confusion Before = new([[6, 4], [2, 8]]);
    private static readonly Confusion After = new([[8, 2], [2, 8]]);

    [Theory]
    [InlineData(ConfusionCells.Shares, "80.0")]
    [InlineData(ConfusionCells.Counts, "8")]
    [InlineData(ConfusionCells.Difference, "+20.0")]
    public void A_cell_shows_the_requested_measure(string mode, string expected)
    {
        Assert.Equal(expected, ConfusionCells.CreateCell(After, Before, mode, 0, 0).Text);
    }

    [Fact]
    public void A_loss_has_its_sign_and_nothing_to_compare_with_leaves_the_share()
    {
        Assert.Equal("−20.0", ConfusionCells.CreateCell(After, Before, ConfusionCells.Difference, 0, 1).Text);
        Assert.Equal("20.0", ConfusionCells.CreateCell(After, null, ConfusionCells.Difference, 0, 1).Text);
    }

    [Fact]
    public void A_class_without_utterances_has_shares_of_nothing()
    {
        Assert.Equal("0.0", ConfusionCells.CreateCell(new Confusion([[0, 0], [1, 1]]), null, ConfusionCells.Shares, 0, 0).Text);
    }
}
