using Ser.Domain.Randomness;
using Ser.Learning.Baseline;

namespace Ser.Learning.Tests.Baseline;

public class CalibrationTests
{
    [Fact]
    public void Sharpness_has_the_least_smoothed_cross_entropy()
    {
        var (scores, labels) = Made(0.8);
        double found = Calibration.FitSharpness(scores, labels);
        double best = Enumerable.Range(0, 16_000).Select(i => Math.Exp(-8 + (i * 0.001))).MinBy(beta => Loss(scores, labels, beta));
        Assert.InRange(found / best, 0.999, 1.001);
        Assert.InRange(found, 0.01, 100);
    }

    [Fact]
    public void Scores_that_are_scaled_give_the_same_probabilities()
    {
        var (scores, labels) = Made(0.8);
        double[][] scaled = Array.ConvertAll(scores, row => Array.ConvertAll(row, score => 40 * score));
        Assert.Equal(40, Calibration.FitSharpness(scores, labels) / Calibration.FitSharpness(scaled, labels), 1e-3);
    }

    [Fact]
    public void Rows_that_are_all_right_do_not_make_it_certain()
    {
        var (scores, labels) = Made(0);
        double surest = scores.Max(row => Math.Exp(Calibration.LogSoftmax(row, Calibration.FitSharpness(scores, labels)).Max()));
        Assert.InRange(surest, 0.9, 0.9999);
    }

    [Fact]
    public void Shares_sum_to_one_and_keep_the_order()
    {
        double[] shares = Array.ConvertAll(Calibration.LogSoftmax([0.1, 1200, -3], 2), Math.Exp);
        Assert.Equal(1, shares.Sum(), 1e-12);
        Assert.Equal(1, Array.IndexOf(shares, shares.Max()));
        Assert.All(Calibration.LogSoftmax([0.1, 1200, -3], 2), share => Assert.True(double.IsFinite(share)));
    }

    private static (double[][] Scores, int[] Labels) Made(double noise)
    {
        var draw = new RandomStream(3, 0, 0, "scores");
        int[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 3)];
        double[] Scores(int label) => [.. Enumerable.Range(0, 3).Select(c => (c == label ? 1.0 : 0) + (noise * draw.NextNormal()))];
        return (Array.ConvertAll(labels, Scores), labels);
    }

    private static double Loss(double[][] scores, int[] labels, double beta)
    {
        double loss = 0, rest = 1.0 / (labels.Length + 2);
        for (int row = 0; row < labels.Length; row++)
        {
            double sum = scores[row].Sum(score => Math.Exp(beta * (score - scores[row].Max())));
            for (int c = 0; c < 3; c++)
            {
                double target = c == labels[row] ? 1 - rest : rest / 2;
                loss -= target * Math.Log(Math.Exp(beta * (scores[row][c] - scores[row].Max())) / sum + double.Epsilon);
            }
        }

        return loss;
    }
}
