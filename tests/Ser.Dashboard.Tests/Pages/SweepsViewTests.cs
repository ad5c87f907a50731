using Ser.Dashboard.Pages.Sweeps;
using Ser.Domain.Jobs;

namespace Ser.Dashboard.Tests.Pages;

public sealed class SweepsViewTests
{
    private static readonly SweepOverview[] Sweeps =
    [
        Sweep("lambda one", SweepState.Done),
        Sweep("lambda two", SweepState.Failed),
        Sweep("augment", SweepState.Unfinished),
    ];

    [Theory]
    [InlineData("", null, "augment,lambda two,lambda one")]
    [InlineData("LAMBDA", null, "lambda two,lambda one")]
    [InlineData("lambda o", null, "lambda two,lambda one")]
    [InlineData("one lam", null, "lambda one")]
    [InlineData(null, "running", "augment")]
    [InlineData("lambda", "failed", "lambda two")]
    [InlineData(null, "no such state", "augment,lambda two,lambda one")]
    public void Every_word_must_be_in_the_name_and_the_newest_comes_first(string? search, string? state, string expected)
    {
        Assert.Equal(expected, string.Join(',', SweepsView.Filter(Sweeps, search, state).Select(sweep => sweep.Name)));
    }

    [Fact]
    public void Owners_are_named_once_and_filter_the_list()
    {
        SweepOverview[] sweeps = [OwnedBy("ann", "a"), OwnedBy("Bo", "b"), OwnedBy("ann", "c"), Sweep("nobody's", SweepState.Done)];
        Assert.Equal(["ann", "Bo"], SweepsView.Owners(sweeps));
        Assert.Equal(["c", "a"], SweepsView.Filter(sweeps, null, null, "ann").Select(sweep => sweep.Name));
        Assert.Equal(4, SweepsView.Filter(sweeps, null, null, "").Count);
        Assert.Equal("Owner: ann · submitted 1970-01-01 00:01 UTC · priority 2 · weight 0.5",
            SweepsView.DescribeTerms(new SweepTerms { Owner = "ann", Priority = 2, Weight = 0.5 }, 60));
        Assert.Null(SweepsView.DescribeTerms(SweepTerms.Default, 0));

        static SweepOverview OwnedBy(string owner, string name) =>
            Sweep(name, SweepState.Done) with { Terms = new SweepTerms { Owner = owner } };
    }

    [Theory]
    [InlineData(null, null, "not started")]
    [InlineData(0.0, null, "since 1970-01-01 00:00 UTC")]
    [InlineData(60.0, 3600.0, "1970-01-01 00:01 – 01:00 UTC")]
    [InlineData(60.0, 90_000.0, "1970-01-01 00:01 – 01-02 01:00 UTC")]
    public void A_day_is_said_once(double? started, double? ended, string expected)
    {
        Assert.Equal(expected, SweepsView.DescribeTimes(Sweep("x", SweepState.Done) with { Started = started, Ended = ended }));
    }

    private static SweepOverview Sweep(string name, SweepState state) => new(name, state, 1, 4, 0, 0, 0, null, null, 0);
}
