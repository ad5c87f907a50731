using Ser.Domain.Measures;
using Ser.Domain.Statistics;

namespace Ser.Domain.Tests.Statistics;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(6, 0, 0.03125)]
    [InlineData(1, 5, 0.21875)]
    [InlineData(5, 1, 0.21875)]
    [InlineData(40, 41, 1)]
    public void Mcnemar_is_the_exact_binomial_test(int first, int second, double p) =>
        Assert.Equal(p, McNemar.PValue(first, second), 1e-12);

    [Fact]
    public void Mcnemar_of_thousands_of_pairs_is_finite()
    {
        Assert.InRange(McNemar.PValue(2000, 2200), 1e-4, 1e-2);
        Assert.Equal(0, McNemar.PValue(0, 5000));
    }

    [Fact]
    public void Wilcoxon_counts_every_assignment_of_signs()
    {
        double[] zero = new double[8];
        double[][] examples = [[1, 2, 3, -4, 5, 6, 7, 8], [1, 1, -1, 2, -2, 2, 3, 3], [0, 0, 1, -1, 2, 2, 2, -5]];
        foreach (double[] differences in examples)
        {
            Assert.Equal(Enumerated(differences), Wilcoxon.Test(differences, zero).P, 1e-12);
        }

        Assert.Equal(1, Wilcoxon.Test(zero, zero).P);
        Assert.Equal(2.0 / 256, Wilcoxon.Test([1, 2, 3, 4, 5, 6, 7, 8], zero).P, 1e-15);
    }

    [Fact]
    public void The_bootstrap_resamples_speakers_and_repeats_itself()
    {
        Confusion[] alike = [.. Enumerable.Range(0, 10).Select(_ => new Confusion([[7, 3], [2, 8]]))];
        Confusion[] apart = [.. Enumerable.Range(0, 10).Select(i => new Confusion(i % 2 == 0 ? [[10, 0], [0, 10]] : [[4, 6], [4, 6]]))];
        var bootstrap = new SpeakerBootstrap(2000);

        // Where all speakers have the same confusion, every resample gives the same value.
        Assert.Equal(new SpeakerBootstrap.Interval(0.75, 0.75), bootstrap.ComputeIntervals([alike]).Ua);
        var (wa, ua) = bootstrap.ComputeIntervals([apart]);
        Assert.InRange(ua.Low, 0.55, 0.65);
        Assert.InRange(ua.High, 0.85, 0.95);
        Assert.Equal(wa.Low, ua.Low, 1e-12);
        Assert.Equal(ua, new SpeakerBootstrap(2000).ComputeIntervals([apart]).Ua);
        Assert.NotEqual(ua, new SpeakerBootstrap(2000, 1).ComputeIntervals([[.. apart, new Confusion([[1, 0], [0, 1]])]]).Ua);
        Assert.Equal(new SpeakerBootstrap.Interval(0, 0), bootstrap.Difference([apart], [apart]).Ua);
    }

    [Fact]
    public void Draws_are_splitmix64_and_within_the_limit()
    {
        // First output of the published generator for seed 0.
        Assert.Equal(0xE220A8397B1DCDAFUL, SplitMix.Bits(0, 0));
        int[] seen = new int[7];
        for (ulong i = 0; i < 7000; i++)
        {
            seen[SplitMix.Below(3, i, 7)]++;
        }

        Assert.All(seen, count => Assert.InRange(count, 850, 1150));
    }

    private static double Enumerated(double[] differences)
    {
        double[] retained = [.. differences.Where(d => d != 0)];
        int Smaller(double d) => retained.Count(e => Math.Abs(e) < Math.Abs(d));
        int Equal(double d) => retained.Count(e => Math.Abs(e) == Math.Abs(d));
        double[] ranks = [.. retained.Select(d => Smaller(d) + ((Equal(d) + 1) / 2.0))];
        double all = ranks.Sum();
        double observed = retained.Zip(ranks, (d, rank) => d > 0 ? rank : 0).Sum();
        double less = Math.Min(observed, all - observed);
        int extreme = 0;
        for (int signs = 0; signs < 1 << retained.Length; signs++)
        {
            double plus = ranks.Where((_, i) => (signs >> i & 1) == 1).Sum();
            extreme += Math.Min(plus, all - plus) <= less ? 1 : 0;
        }

        return (double)extreme / (1 << retained.Length);
    }
}
