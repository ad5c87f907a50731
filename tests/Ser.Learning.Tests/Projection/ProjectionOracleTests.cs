using System.Text.Json;
using Ser.Checkpoints;
using Ser.Learning.Projection;
using Ser.TestSupport;

namespace Ser.Learning.Tests.Projection;

/// <summary>Oracle 10: PCA and t-SNE against scikit-learn.</summary>
[Trait("Category", Oracle.Category)]
public sealed class ProjectionOracleTests
{
    private const double Perplexity = 30;

    [Fact]
    public void Principal_components()
    {
        using var tensors = Tensors();
        int width = Width(tensors);
        var expected = Json().GetProperty("pca");
        float[] x = tensors.Floats("x");
        var pca = Pca.Fit(x, width, 10);
        Close(Numbers(expected, "explained_variance (ddof=1)"), pca.Variance, Tolerance("pca_variance_rel"));
        Close(Numbers(expected, "explained_variance_ratio"), pca.Ratio, Tolerance("pca_variance_rel"));
        double[] components = tensors.Doubles("pca_components_10");
        for (int c = 0; c < 10; c++)
        {
            double[] theirs = components[(c * width)..((c + 1) * width)];
            double sign = Math.Sign(theirs.Zip(pca.Components[c], (a, b) => a * b).Sum());
            Assert.True(Oracle.MaxAbs(theirs, Array.ConvertAll(pca.Components[c], value => sign * value)) < 1e-5, $"component {c}");
            Assert.True(pca.Components[c].MaxBy(Math.Abs) > 0);
        }

        Assert.True(Oracle.MaxAbs(tensors.Doubles("pca_mean"), pca.Mean) < 1e-6);
        double[] expectedScores = [.. tensors.Doubles("pca_scores_2").Select(Math.Abs)];
        double[] scores = [.. Pca.Fit(x, width, 2).Transform(x).Select(Math.Abs)];
        Assert.True(Oracle.MaxAbs(expectedScores, scores) < 1e-4);
    }

    [Fact]
    public void Joint_probabilities()
    {
        using var tensors = Tensors();
        int width = Width(tensors);
        var p = JointProbabilities.FromAllPairs(tensors.Floats("x"), width, Perplexity);
        double[] Above(int row) =>
            [.. p.Columns(row).ToArray().Zip(p.Values(row).ToArray()).Where(pair => pair.First > row).Select(pair => pair.Second)];
        double[] condensed = [.. Enumerable.Range(0, p.Count).SelectMany(Above)];
        Assert.Equal(0.5, condensed.Sum(), 1e-12);
        double worst = Oracle.MaxAbs(tensors.Doubles("joint_probabilities_condensed"), condensed);
        Assert.True(worst <= Tolerance("joint_probabilities_abs"), $"{worst}");
    }

    [Fact]
    public void Divergence_and_gradient_of_a_probe()
    {
        using var tensors = Tensors();
        int width = Width(tensors);
        var p = JointProbabilities.FromAllPairs(tensors.Floats("x"), width, Perplexity);
        double[] probe = tensors.Doubles("probe_embedding");
        double kl = Json().GetProperty("probe_kl").GetDouble();
        Close([kl], [TSneObjective.Divergence(p, probe)], Tolerance("probe_kl_rel"));
        double[] expected = tensors.Doubles("probe_gradient");
        double worst = Oracle.MaxAbs(expected, TSneObjective.Gradient(p, probe)) / expected.Max(Math.Abs);
        Assert.True(worst <= 1e-4, $"{worst}");
    }

    [Theory]
    [InlineData(MapStart.Pca, 0)]
    [InlineData(MapStart.Random, 0)]
    [InlineData(MapStart.Random, 1)]
    public void A_map_is_as_good_as_theirs(MapStart start, long seed)
    {
        using var tensors = Tensors();
        int width = Width(tensors);
        var json = Json();
        float[] x = tensors.Floats("x");
        var map = TSne.Run(x, width, new TSneOptions { Perplexity = Perplexity, Start = start, Seed = seed });
        double[] kl = Numbers(json, "kl_range");
        Assert.InRange(map.Divergence, 0.95 * kl[0], 1.05 * kl[1]);
        Assert.Equal(Perplexity, map.Perplexity);
        Assert.True(Trustworthiness.Compute(x, width, map.Map, 5) >= Numbers(json, "trust5_range")[0] - 0.01);
        Assert.True(Trustworthiness.Compute(x, width, map.Map, 12) >= Numbers(json, "trust12_range")[0] - 0.01);
    }

    [Fact]
    public void Trustworthiness_of_a_known_map()
    {
        using var tensors = Tensors();
        int width = Width(tensors);
        float[] x = tensors.Floats("x");
        foreach (JsonProperty k in Json().GetProperty("baseline_pca2_trust").EnumerateObject())
        {
            double trust = Trustworthiness.Compute(x, width, tensors.Doubles("pca_scores_2"), int.Parse(k.Name)) ?? 0;
            Assert.Equal(k.Value.GetDouble(), trust, 1e-5);
        }
    }

    private static SafeTensors Tensors() => Oracle.Tensors("10_tsne_pca/tsne.safetensors");

    private static int Width(SafeTensors tensors) => (int)tensors.Entries["x"].Shape[1];

    private static JsonElement Json() => Oracle.Json("10_tsne_pca/tsne.json");

    private static double Tolerance(string name) => Json().GetProperty("recommended_tolerance").GetProperty(name).GetDouble();

    private static double[] Numbers(JsonElement parent, string name) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    private static void Close(double[] expected, double[] actual, double relative)
    {
        foreach (var (theirs, ours) in expected.Zip(actual))
        {
            Assert.Equal(theirs, ours, relative * Math.Abs(theirs));
        }
    }
}
