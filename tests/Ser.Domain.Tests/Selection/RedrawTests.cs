using Ser.Domain.Experiments;
using Ser.Domain.Measures;
using Ser.Domain.Selection;
using Ser.TestSupport;

namespace Ser.Domain.Tests.Selection;

public sealed class RedrawTests
{
    private const int Classes = 4;
    private const int Most = 12;

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Any_choice_makes_the_answers_of_the_tables(ulong seed, bool coarse)
    {
        var draw = new Draw(seed);
        FoldQueries[] folds = Folds(draw, coarse);
        var redraw = new ArmEvaluator(folds, Classes);
        Assert.Equal(Most, redraw.MaxK);
        for (int run = 0; run < 300; run++)
        {
            string weighting = Weightings.All[draw.Below(3)];
            double? factor = weighting == Weightings.Uniform ? null : draw.Below(10) == 0 ? 0 : Math.Pow(10, (4 * draw.Unit()) - 2);
            int k = 1 + draw.Below(Most);
            double alpha = draw.Below(8) is var end && end < 2 ? end : draw.Unit();
            var choice = new RetrievalChoice(weighting, k, alpha, factor, 0, 1, 0, 0);

            var redrawn = redraw.Evaluate(choice.K, choice.Alpha, choice.Weighting, choice.TemperatureFactor);

            int[] Predict(FoldQueries fold) => Array.ConvertAll(choice.Probabilities(fold), p => Interpolation.MostProbableClass(p));
            Confusion[] expected = [.. folds.Select(fold => Confusion.FromPredictions(fold.Queries.Truth, Predict(fold), Classes))];
            Assert.Equal(expected.Select(fold => fold.Counts), redrawn.Folds.Select(fold => fold.Counts));
            Assert.Equal(Confusion.Pooled(expected, Classes).Counts, redrawn.Pooled.Counts);
        }
    }

    [Fact]
    public void Answers_are_those_of_plain_loops()
    {
        var draw = new Draw(3);
        FoldQueries[] folds = Folds(draw, false);
        var redraw = new ArmEvaluator(folds, Classes);
        foreach (var (weighting, factor) in (ReadOnlySpan<(string, double?)>)[("uniform", null), ("softmax-d", 0.3), ("softmax-d2", 2)])
        {
            foreach (var (k, alpha) in (ReadOnlySpan<(int, double)>)[(1, 0.123), (7, 0.4567), (12, 0.89)])
            {
                int[] counts = new int[Classes * Classes];
                foreach (var (queries, median) in folds)
                {
                    for (int query = 0; query < queries.Count; query++)
                    {
                        double Power(double d) => weighting == "softmax-d" ? d : d * d;
                        double Weight(double d) => weighting == "uniform" ? 1 : Math.Exp(-Power(d) / (factor!.Value * median));
                        double[] w = [.. queries.NeighbourDistance[query].Take(k).Select(Weight)];
                        double Vote(int c) => w.Where((_, j) => queries.NeighbourClass[query][j] == c).Sum();
                        double P(int c) => (alpha * Vote(c) / w.Sum()) + ((1 - alpha) * queries.Probabilities[query][c]);
                        double[] p = [.. Enumerable.Range(0, Classes).Select(P)];
                        counts[(queries.Truth[query] * Classes) + Array.IndexOf(p, p.Max())]++;
                    }
                }

                Assert.Equal(counts, redraw.Evaluate(k, alpha, weighting, factor).Pooled.Counts.SelectMany(row => row));
            }
        }
    }

    [Theory]
    [InlineData("uniform")]
    [InlineData("softmax-d")]
    [InlineData("softmax-d2")]
    public void The_best_choice_is_redrawn_with_the_measures_it_was_chosen_for(string weighting)
    {
        FoldQueries[] folds = Folds(new Draw(4), false);
        var chosen = Selector.Choose(folds, Classes, weighting, new RetrievalSettings { K = [.. Enumerable.Range(1, Most)] });
        var redrawn = new ArmEvaluator(folds, Classes).Evaluate(chosen.K, chosen.Alpha, weighting, chosen.TemperatureFactor);
        Assert.Equal(chosen.Wa, redrawn.Pooled.Wa, 1e-12);
        Assert.Equal(chosen.Ua, redrawn.Pooled.Ua, 1e-12);
    }

    [Fact]
    public void What_is_out_of_range_is_refused()
    {
        var redraw = new ArmEvaluator([.. Folds(new Draw(5), false), new Draw(6).Ask(5, Classes, 3)], Classes);
        Assert.Contains("from 1 to 3", Assert.Throws<InputException>(() => redraw.Evaluate(4, 0.5, "uniform", null)).Message);
        Assert.Contains("from 1 to 3", Assert.Throws<InputException>(() => redraw.Evaluate(0, 0.5, "uniform", null)).Message);
        Assert.Contains("0 to 1", Assert.Throws<InputException>(() => redraw.Evaluate(1, 1.5, "uniform", null)).Message);
        Assert.Contains("0 to 1", Assert.Throws<InputException>(() => redraw.Evaluate(1, double.NaN, "uniform", null)).Message);
        Assert.Contains("0 or more", Assert.Throws<InputException>(() => redraw.Evaluate(1, 0.5, "softmax-d", null)).Message);
        Assert.Contains("0 or more", Assert.Throws<InputException>(() => redraw.Evaluate(1, 0.5, "softmax-d2", -1)).Message);
        Assert.Contains("softmax-d2", Assert.Throws<InputException>(() => redraw.Evaluate(1, 0.5, "nearest", 1)).Message);
    }

    private static FoldQueries[] Folds(Draw draw, bool coarse) =>
    [
        draw.Ask(70, Classes, Most, coarse),
        draw.Ask(41, Classes, Most + 2, coarse) with { MedianDistance = 0.6 },
        draw.Ask(1, Classes, Most, coarse),
    ];
}
