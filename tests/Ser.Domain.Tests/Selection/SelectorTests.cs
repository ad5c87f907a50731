using Ser.Domain.Experiments;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.TestSupport;

namespace Ser.Domain.Tests.Selection;

public sealed class SelectorTests
{
    private static readonly RetrievalSettings UpTo12 = new() { K = [.. Enumerable.Range(1, 12)] };

    public static TheoryData<ulong, int, int, string, bool> Draws()
    {
        var draws = new TheoryData<ulong, int, int, string, bool>();
        for (ulong seed = 1; seed <= 12; seed++)
        {
            draws.Add(seed, 5 + (int)(seed * 7), 2 + (int)(seed % 4), Weightings.All[(int)(seed % 3)], seed % 2 == 0);
            draws.Add(seed + 100, 3 + (int)seed, 4, Weightings.Uniform, true);
        }

        return draws;
    }

    [Theory]
    [MemberData(nameof(Draws))]
    public void The_sweep_finds_what_trying_every_interval_finds(ulong seed, int queries, int classes, string weighting, bool coarse)
    {
        var draw = new Draw(seed);
        FoldQueries[] asked =
            [draw.Ask(queries, classes, 12, coarse), draw.Ask(queries / 2, classes, 12, coarse) with { MedianDistance = 0.7 }];

        var expected = BruteForce.Best(asked, classes, weighting, UpTo12.K);
        var chosen = Selector.Choose(asked, classes, weighting, UpTo12);

        Assert.Equal((double)expected.Ua, chosen.Ua, 1e-12);
        Assert.Equal((double)expected.Right / asked.Sum(fold => fold.Queries.Count), chosen.Wa, 1e-12);
        Assert.Equal((expected.K, expected.Factor), (chosen.K, chosen.TemperatureFactor));
        Assert.Equal(expected.Low, chosen.Low, 1e-9);
        Assert.Equal(expected.High, chosen.High, 1e-9);
        Assert.Equal((expected.Low + expected.High) / 2, chosen.Alpha, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Draws))]
    public void Predictions_with_the_choice_reach_the_measures_it_was_chosen_for(
        ulong seed, int queries, int classes, string weighting, bool coarse)
    {
        FoldQueries[] asked = [new Draw(seed).Ask(queries, classes, 12, coarse)];
        var chosen = Selector.Choose(asked, classes, weighting, UpTo12);

        double[][] p = chosen.Probabilities(asked[0]);

        int right = Enumerable.Range(0, queries).Count(query => Interpolation.MostProbableClass(p[query]) == asked[0].Queries.Truth[query]);
        Assert.Equal(chosen.Wa, (double)right / queries, 1e-12);
        Assert.All(p, row => Assert.Equal(1, row.Sum(), 1e-12));
    }

    [Fact]
    public void Equal_merit_on_both_sides_of_a_crossing_is_one_interval()
    {
        FoldQueries asked = Two(([0.6, 0.4], [0], 0), ([0.4, 0.6], [0], 1));
        FoldQueries swap = Two(([0.75, 0.25], [1], 1), ([0.75, 0.25], [1], 0));

        var all = Selector.Choose([asked], 2, Weightings.Uniform, new RetrievalSettings { K = [1] });
        var half = Selector.Choose([swap], 2, Weightings.Uniform, new RetrievalSettings { K = [1] });

        // In the second query of `asked`, class 1 leads by 0.2 at α = 0 and by -1 at α = 1, so the prediction is correct below 1/6.
        Assert.Equal((0, 1.0), (all.Low, all.Ua));
        Assert.Equal(1.0 / 6, all.High, 1e-15);

        // In `swap` the correct query changes at α = 1/3, so the measures stay the same.
        Assert.Equal((0, 1, 0.5, 0.5), (half.Low, half.High, half.Alpha, half.Wa));
    }

    [Fact]
    public void A_tie_of_votes_goes_to_the_lower_class_and_a_tie_of_k_to_the_smaller()
    {
        FoldQueries asked = Two(([0.5, 0.5], [0, 0], 0), ([0.5, 0.5], [0, 0], 0), ([0.5, 0.5], [1, 1], 0), ([0.5, 0.5], [0, 1], 1));
        var best = Selector.ChooseNeighboursOnly([asked], 2, Weightings.Uniform, new RetrievalSettings { K = [1, 2] });

        // Neither k predicts class 1 for the last query, because a tie goes to class 0. So both k are equal and the smaller is chosen.
        Assert.Equal(1, best.K);
        Assert.Equal(1.0 / 3, best.Ua, 1e-15);
        Assert.Equal(0.5, best.Wa);
    }

    [Fact]
    public void Ua_comes_before_wa()
    {
        // k = 1 is correct for three of four queries of class 0 and no other (WA 3/5), k = 3 for one of them and all of class 1 (UA 5/8).
        FoldQueries asked = Two(
            ([0.5, 0.5], [0, 1, 1], 0),
            ([0.5, 0.5], [0, 1, 1], 0),
            ([0.5, 0.5], [0, 0, 0], 0),
            ([0.5, 0.5], [1, 1, 1], 0),
            ([0.5, 0.5], [0, 1, 1], 1));
        var best = Selector.ChooseNeighboursOnly([asked], 2, Weightings.Uniform, new RetrievalSettings { K = [1, 3] });
        Assert.Equal((3, 0.625, 0.4), (best.K, best.Ua, best.Wa));
    }

    [Fact]
    public void Listed_alphas_are_tried_and_nothing_else()
    {
        var draw = new Draw(5);
        FoldQueries[] asked = [draw.Ask(60, 4, 12)];
        double[] alphas = [0, 0.2, 0.4];

        var chosen = Selector.Choose(asked, 4, Weightings.Uniform, UpTo12 with { Alpha = alphas, K = [3, 7] });

        Assert.Contains(chosen.Alpha, alphas);
        Assert.Contains(chosen.K, (int[])[3, 7]);
        Assert.True(chosen.Ua <= Selector.Choose(asked, 4, Weightings.Uniform, UpTo12 with { K = [3, 7] }).Ua);
    }

    [Fact]
    public void A_class_without_queries_is_left_out_of_ua()
    {
        FoldQueries asked = Two(([0.9, 0.1, 0], [0], 0), ([0.1, 0.9, 0], [1], 1));
        Assert.Equal(1, Selector.Choose([asked], 3, Weightings.Uniform, new RetrievalSettings { K = [1] }).Ua);
    }

    [Fact]
    public void Wrong_settings_are_refused_with_the_key_and_the_bounds()
    {
        FoldQueries[] asked = [new Draw(1).Ask(9, 3, 12)];

        string Refused(string weighting, RetrievalSettings settings) =>
            Assert.Throws<InputException>(() => Selector.Choose(asked, 3, weighting, settings)).Message;
        Assert.Contains("give k ≤ 12", Refused("uniform", new RetrievalSettings()));
        Assert.Contains("0 to 1", Refused("uniform", UpTo12 with { Alpha = [1.5] }));
        Assert.Contains("softmax-d2", Refused("softmax", UpTo12));
        Assert.Contains("1 or more", Refused("uniform", UpTo12 with { K = [0] }));
    }

    [Theory]
    [InlineData("softmax-d")]
    [InlineData("softmax-d2")]
    public void A_temperature_of_zero_or_far_neighbours_still_make_probabilities(string weighting)
    {
        double[][] distances = [.. Enumerable.Range(0, 8).Select(_ => new double[] { 0, 0, 0, 1e200 })];
        var queries = new Draw(2).Queries(8, 3, 4) with { NeighbourDistance = distances };
        double[] p = new double[3];

        Votes.Fill(queries, 0, 4, weighting, 0, p);

        Assert.Equal(1, p.Sum(), 1e-12);
        Assert.Equal(queries.NeighbourClass[0].Take(3).Count(c => c == 0) / 3.0, p[0], 1e-12);
    }

    private static FoldQueries Two(params (double[] Model, int[] Neighbours, int Truth)[] rows) => new(
        new QuerySet(
            [.. rows.Select((_, i) => i)],
            [.. rows.Select(_ => "a")],
            [.. rows.Select(row => row.Truth)],
            [.. rows.Select(row => row.Model)],
            [.. rows.Select(row => row.Neighbours)],
            [.. rows.Select(row => row.Neighbours)],
            [.. rows.Select(row => Array.ConvertAll(row.Neighbours, _ => 1.0))]),
        1);
}
