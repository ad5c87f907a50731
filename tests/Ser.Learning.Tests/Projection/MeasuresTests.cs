using Ser.Domain.Randomness;
using Ser.Learning.Projection;
using Ser.TestSupport;

namespace Ser.Learning.Tests.Projection;

public sealed class MeasuresTests
{
    // Two pairs on a line, 0 and 1 against 4 and 6.
    [Fact]
    public void Separation_by_hand()
    {
        var of = ClassSeparation.Compute([0, 1, 4, 6], 1, [0, 0, 1, 1], 3);
        double[] silhouettes = [(5 - 1) / 5.0, (4 - 1) / 4.0, (3.5 - 2) / 3.5, (5.5 - 2) / 5.5];
        Assert.Equal(silhouettes.Average(), of.Silhouette!.Value, 1e-12);
        Assert.Equal(silhouettes[..2].Average(), of.SilhouetteByClass[0]!.Value, 1e-12);
        Assert.Equal(silhouettes[2..].Average(), of.SilhouetteByClass[1]!.Value, 1e-12);
        Assert.Null(of.SilhouetteByClass[2]);
        Assert.Equal((1.5, 4.5), (of.Intra, of.Inter));
        Assert.Equal((3, 1.0 / 3), (of.Neighbours, of.Purity));
    }

    [Fact]
    public void Purity_counts_the_ten_nearest()
    {
        int[] labels = [.. Enumerable.Range(0, 40).Select(i => i < 20 ? 0 : 1)];
        double[] apart = [.. Enumerable.Range(0, 40).Select(i => i < 20 ? i : 1000.0 + i)];
        Assert.Equal(1, ClassSeparation.Compute(apart, 1, labels, 2).Purity);
        Assert.Equal(1, ClassSeparation.Compute(new double[40], 1, new int[40], 1).Purity);
        Assert.InRange(ClassSeparation.Compute(apart, 1, Clusters.Labels(40, 2), 2).Purity!.Value, 0.4, 0.6);
    }

    [Fact]
    public void What_is_not_defined_is_null_and_a_class_of_one_counts_nothing()
    {
        var none = ClassSeparation.Compute([], 2, [], 2);
        Assert.Equal((null, null, null, null), (none.Silhouette, none.Purity, none.Intra, none.Inter));
        var one = ClassSeparation.Compute([1, 2], 2, [0], 2);
        Assert.Equal((null, null, null, null), (one.Silhouette, one.Purity, one.Intra, one.Inter));
        var single = ClassSeparation.Compute([0, 1, 5], 1, [0, 0, 0], 2);
        Assert.Equal((null, null), (single.Silhouette, single.Inter));
        Assert.Equal(0, ClassSeparation.Compute([0, 1, 5], 1, [0, 0, 1], 2).SilhouetteByClass[1]);
        Assert.Equal(0, ClassSeparation.Compute(new double[6], 1, [0, 1, 0, 1, 0, 1], 2).Silhouette);
        Assert.Throws<ArgumentException>(() => ClassSeparation.Compute([0, 1, 5], 2, [0, 0, 1], 2));
    }

    [Fact]
    public void Trust_is_whole_for_the_rows_themselves_and_half_for_none()
    {
        float[] x = Clusters.Rows(200, 2, classes: 1);
        Assert.Equal(1, Trustworthiness.Compute(x, 2, Array.ConvertAll(x, value => (double)value), 7));
        var draw = new RandomStream(3, 0, 0, "map");
        Assert.InRange(Trustworthiness.Compute(x, 2, [.. Enumerable.Range(0, 400).Select(_ => draw.NextDouble())], 7)!.Value, 0.42, 0.58);
        Assert.Null(Trustworthiness.Compute(x[..20], 2, new double[20], 5));
        Assert.Throws<ArgumentException>(() => Trustworthiness.Compute(x, 2, new double[20], 5));
    }

    [Fact]
    public void Measures_do_not_depend_on_threads()
    {
        float[] x = Clusters.Rows(131, 13);
        double[] map = Pca.Fit(x, 13, 2).Transform(x);
        double[] wide = Array.ConvertAll(x, value => (double)value);
        Assert.Equal(Trustworthiness.Compute(x, 13, map, 12), Trustworthiness.Compute(x, 13, map, 12, threads: 3));
        var one = ClassSeparation.Compute(wide, 13, Clusters.Labels(131), 4);
        var three = ClassSeparation.Compute(wide, 13, Clusters.Labels(131), 4, threads: 3);
        Assert.Equal((one.Silhouette, one.Purity, one.Intra, one.Inter), (three.Silhouette, three.Purity, three.Intra, three.Inter));
    }
}
