using System.Text.Json;
using Ser.Checkpoints;
using Ser.Domain.Measures;
using Ser.Domain.Statistics;
using Ser.TestSupport;

namespace Ser.Domain.Tests.Statistics;

/// <summary>Oracle 06: measures and tests against scikit-learn, scipy and numpy.</summary>
[Trait("Category", Oracle.Category)]
public sealed class MeasuresOracleTests
{
    private static JsonElement Metrics => Oracle.Json("06_metrics/metrics.json");

    private static double Tolerance(string of) => Metrics.GetProperty("recommended_tolerance").GetProperty(of).GetDouble();

    [Fact]
    public void Wa_ua_recalls_and_confusions()
    {
        foreach (var set in Metrics.GetProperty("sets").EnumerateObject())
        {
            const string matrix = "confusion_matrix (rows=true, cols=pred, labels 0..3)";
            int[][] expected = [.. set.Value.GetProperty(matrix).EnumerateArray().Select(Ints)];
            var confusion = Confusion.FromPredictions(Ints(set.Value.GetProperty("y_true")),
                Ints(set.Value.GetProperty("y_pred")), expected.Length);
            Assert.Equal(expected, confusion.Counts);
            Assert.Equal(set.Value.GetProperty("WA").GetDouble(), confusion.Wa, Tolerance("metrics"));
            var ua = set.Value.GetProperty("UA_present_classes (= balanced_accuracy_score; recommended)");
            Assert.Equal(ua.GetDouble(), confusion.Ua, Tolerance("metrics"));
            double[] recalls = Array.ConvertAll(confusion.Recalls, recall => double.IsNaN(recall) ? 0 : recall);
            Assert.True(Oracle.MaxAbs(Doubles(set.Value.GetProperty("recall_per_class_zero_division0")), recalls) <= Tolerance("metrics"));
            double[][] rows = [.. set.Value.GetProperty("row_normalised (absent row = zeros)").EnumerateArray().Select(Doubles)];
            double[] normalised = [.. confusion.RowNormalised.SelectMany(row => row)];
            Assert.True(Oracle.MaxAbs([.. rows.SelectMany(row => row)], normalised) <= Tolerance("metrics"));
        }
    }

    [Fact]
    public void Mean_sd_and_pooled_over_folds()
    {
        var folds = Metrics.GetProperty("folds");
        int[][] truth = [.. folds.GetProperty("y_true").EnumerateArray().Select(Ints)];
        foreach (string arm in (string[])["A", "B"])
        {
            int[][] answered = [.. folds.GetProperty("pred_" + arm).EnumerateArray().Select(Ints)];
            var expected = folds.GetProperty(arm);
            int[][] pooled = [.. expected.GetProperty("pooled_confusion").EnumerateArray().Select(Ints)];
            Confusion[] parts = [.. truth.Zip(answered, (t, a) => Confusion.FromPredictions(t, a, pooled.Length))];
            var all = Confusion.Pooled(parts, pooled.Length);
            Assert.Equal(pooled, all.Counts);
            Assert.Equal(expected.GetProperty("pooled_WA").GetDouble(), all.Wa, Tolerance("metrics"));
            Assert.Equal(expected.GetProperty("pooled_UA").GetDouble(), all.Ua, Tolerance("metrics"));
            Check(expected.GetProperty("WA"), [.. parts.Select(part => part.Wa)]);
            Check(expected.GetProperty("UA"), [.. parts.Select(part => part.Ua)]);
        }

        static void Check(JsonElement expected, double[] values)
        {
            Assert.True(Oracle.MaxAbs(Doubles(expected.GetProperty("per_fold")), values) <= Tolerance("metrics"));
            Assert.Equal(expected.GetProperty("mean").GetDouble(), Spread.FromValues(values).Mean, Tolerance("metrics"));
            Assert.Equal(expected.GetProperty("std_ddof1").GetDouble(), Spread.FromValues(values).Sd!.Value, Tolerance("metrics"));
        }
    }

    [Fact]
    public void Mcnemar_exact()
    {
        foreach (var row in Metrics.GetProperty("mcnemar").EnumerateArray())
        {
            bool[] Right(JsonElement answers) => [.. Ints(answers).Select(right => right == 1)];
            double p = row.TryGetProperty("correct_A", out var first)
                ? McNemar.PValue(Right(first), Right(row.GetProperty("correct_B")))
                : McNemar.PValue(row.GetProperty("b").GetInt32(), row.GetProperty("c").GetInt32());
            Assert.Equal(row.GetProperty("exact_two_sided_p (binomtest)").GetDouble(), p, Tolerance("p_values_exact"));
        }
    }

    [Fact]
    public void Wilcoxon_by_enumeration_and_where_exact_scipy()
    {
        int compared = 0;
        foreach (var row in Metrics.GetProperty("wilcoxon").EnumerateArray())
        {
            var outcome = Wilcoxon.Test(Doubles(row.GetProperty("a")), Doubles(row.GetProperty("b")));
            if (row.TryGetProperty("full_sign_flip_enumeration (midranks, zeros dropped)", out var all))
            {
                Assert.Equal(all.GetProperty("W_plus").GetDouble(), outcome.Plus);
                Assert.Equal(all.GetProperty("W_minus").GetDouble(), outcome.Minus);
                Assert.Equal(all.GetProperty("p_two_sided").GetDouble(), outcome.P, Tolerance("p_values_exact"));
                compared++;
            }
            else if (!row.GetProperty("has_zeros").GetBoolean() && !row.GetProperty("has_ties").GetBoolean())
            {
                Assert.Equal(row.GetProperty("wilcox.exact").GetProperty("p").GetDouble(), outcome.P, Tolerance("p_values_exact"));
                compared++;
            }
        }

        Assert.True(compared > 0);
    }

    [Fact]
    public void Percentiles_and_measures_of_given_resamples()
    {
        var linear = Metrics.GetProperty("percentile_linear");
        double[] ordered = [.. Doubles(linear.GetProperty("x")).Order()];
        double[] values = Array.ConvertAll(Doubles(linear.GetProperty("q")), q => Percentile.Compute(ordered, q));
        Assert.True(Oracle.MaxAbs(Doubles(linear.GetProperty("value")), values) <= Tolerance("percentiles"));

        var tensors = Oracle.Tensors("06_metrics/bootstrap.safetensors");
        long[] truth = tensors.Longs("y_true");
        long[] indices = tensors.Longs("indices");
        int n = (int)tensors.Entries["indices"].Shape[1];
        int classes = (int)truth.Concat(tensors.Longs("pred_A")).Concat(tensors.Longs("pred_B")).Max() + 1;
        var ci = Metrics.GetProperty("bootstrap").GetProperty("ci");
        foreach (string arm in (string[])["A", "B"])
        {
            long[] answered = tensors.Longs("pred_" + arm);
            int[] Resampled(long[] labels, long[] draw) => [.. draw.Select(i => (int)labels[i])];
            var draws = indices.Chunk(n);
            Confusion[] resamples =
                [.. draws.Select(draw => Confusion.FromPredictions(Resampled(truth, draw), Resampled(answered, draw), classes))];
            Compare("WA_" + arm, [.. resamples.Select(resample => resample.Wa)]);
            Compare("UA_" + arm, [.. resamples.Select(resample => resample.Ua)]);
        }

        void Compare(string name, double[] stat)
        {
            Assert.True(Oracle.MaxAbs(tensors.Doubles("stat." + name), stat) <= Tolerance("metrics"));
            Array.Sort(stat);
            foreach (double percent in (double[])[2.5, 5, 95, 97.5])
            {
                double expected = ci.GetProperty(name).GetProperty(percent.ToString()).GetDouble();
                Assert.Equal(expected, Percentile.Compute(stat, percent), Tolerance("percentiles"));
            }
        }
    }

    [Fact]
    public void The_bootstrap_over_given_resamples()
    {
        // Each utterance is a speaker of its own, so that the oracle's resamples of utterances can be given.
        var tensors = Oracle.Tensors("06_metrics/bootstrap.safetensors");
        var ci = Metrics.GetProperty("bootstrap").GetProperty("ci");
        var (a, b) = (Answers("y_true", "pred_A"), Answers("y_true", "pred_B"));
        var bootstrap = new SpeakerBootstrap(Draws("indices"));
        Same("WA_A", bootstrap.ComputeIntervals([a]).Wa);
        Same("UA_A", bootstrap.ComputeIntervals([a]).Ua);
        Same("WA_B", bootstrap.ComputeIntervals([b]).Wa);
        Same("UA_B", bootstrap.ComputeIntervals([b]).Ua);
        Same("WA_diff", bootstrap.Difference([b], [a]).Wa);
        Same("UA_diff", bootstrap.Difference([b], [a]).Ua);

        // With two seeds, the statistic of a resample is the mean over both.
        var pairs = tensors.Doubles("stat.UA_A").Zip(tensors.Doubles("stat.UA_B"));
        double[] mean = [.. pairs.Select(pair => (pair.First + pair.Second) / 2).Order()];
        var seeds = bootstrap.ComputeIntervals([a, b]).Ua;
        Assert.Equal(Percentile.Compute(mean, 2.5), seeds.Low, Tolerance("percentiles"));
        Assert.Equal(Percentile.Compute(mean, 97.5), seeds.High, Tolerance("percentiles"));

        // A third of these resamples has no utterance of a rare class.
        Same("rare.UA", new SpeakerBootstrap(Draws("rare.indices")).ComputeIntervals([Answers("rare.y_true", "rare.pred")]).Ua);

        Confusion[] Answers(string truth, string answered) =>
            [.. tensors.Longs(truth).Zip(tensors.Longs(answered), (t, p) => Confusion.FromPredictions([(int)t], [(int)p], 4))];

        int[][] Draws(string name) => [.. tensors.Longs(name).Select(i => (int)i).Chunk((int)tensors.Entries[name].Shape[1])];

        void Same(string name, SpeakerBootstrap.Interval interval)
        {
            Assert.Equal(ci.GetProperty(name).GetProperty("2.5").GetDouble(), interval.Low, Tolerance("percentiles"));
            Assert.Equal(ci.GetProperty(name).GetProperty("97.5").GetDouble(), interval.High, Tolerance("percentiles"));
        }
    }

    private static int[] Ints(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetInt32())];

    private static double[] Doubles(JsonElement list) => [.. list.EnumerateArray().Select(value => value.GetDouble())];
}
