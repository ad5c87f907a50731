using Ser.Domain.Statistics;
using Ser.TestSupport;

namespace Ser.Reporting.Tests;

public sealed class NoiseForecastTests
{
    [Fact]
    public void On_iemocap_the_error_is_about_0_6_points_and_the_paper_gain_is_little_more()
    {
        var noise = NoiseForecast.Compute(MadeUpCorpus.Create(MadeUpCorpus.Iemocap), 10);
        Assert.Equal((5531, 10, 10, false), (noise.Utterances, noise.Speakers, noise.Folds, noise.PaperGainInside));
        Assert.Equal(Math.Sqrt(0.21 / 5531), noise.StandardErrorWa, 1e-15);
        Assert.Equal(Math.Sqrt((0.21 / 1103) + (0.21 / 1636) + (0.21 / 1084) + (0.21 / 1708)) / 4, noise.StandardErrorUa, 1e-15);
        Assert.Contains("the standard error of WA is about 0.6 points", noise.Text);
        Assert.Contains("the paper's gain of 0.8 is 1.3 standard errors", noise.Text);
        Assert.DoesNotContain("Wilcoxon", noise.Text);
    }

    [Fact]
    public void On_a_small_corpus_the_paper_gain_is_inside_the_noise_and_few_folds_are_said()
    {
        var noise = NoiseForecast.Compute(MadeUpCorpus.Create(("a", null, [20, 20]), ("b", null, [20, 20]), ("c", null, [20, 20])), 3);
        Assert.True(noise.PaperGainInside);
        Assert.Contains("4.2 points", noise.Text);
        Assert.Contains("including a gain as small as the paper's 0.8", noise.Text);
        Assert.Contains("Wilcoxon's test over 3 folds cannot give a p below 0.25", noise.Text);
        Assert.Equal(0.25, Ser.Domain.Statistics.Wilcoxon.Test([1, 2, 3], [0, 0, 0]).P);
    }
}
