using Ser.Dashboard.Pages.Sweep;
using Ser.Domain.Measures;
using Ser.Reporting.Results;

namespace Ser.Dashboard.Tests.Pages;

public sealed class RowOrderTests
{
    private static readonly ResultRow[] Rows = [Row("a", 3, 0.5), Row("b", null, 0.9), Row("c", 1, 0.7)];

    [Theory]
    [InlineData("-ua", "bca")]
    [InlineData("ua", "acb")]
    [InlineData("k", "cab")]
    [InlineData("-k", "acb")]
    [InlineData("no such", "abc")]
    [InlineData(null, "abc")]
    public void Rows_are_sorted_and_those_without_a_value_come_last(string? by, string expected)
    {
        Assert.Equal(expected, string.Concat(RowOrder.Sorted(Rows, by).Select(row => row.Arm)));
    }

    [Fact]
    public void A_head_goes_down_then_up_then_back_to_the_grid()
    {
        string? first = RowOrder.Next("ua", null), second = RowOrder.Next("ua", first);
        Assert.Equal(("-ua", "ua", (string?)null), (first, second, RowOrder.Next("ua", second)));
    }

    private static ResultRow Row(string arm, int? k, double ua)
    {
        var score = new Score(ua, null, ua, ua, ua);
        var confusion = new Confusion([[1]]);
        const string Inference = RowKinds.ModelWithNeighbours, Selection = RowKinds.PooledValidation, Weighting = "uniform";
        return new ResultRow(
            arm, 0, "none", "tiny", "paper", 1, 1, Inference, Selection, Weighting, null, k, 0.5, score, score, confusion, []);
    }
}
