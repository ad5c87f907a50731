using System.Text.Json;
using Ser.Checkpoints;
using Ser.Domain.Experiments;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Learning.Retrieval;
using Ser.TestSupport;

namespace Ser.Learning.Tests.Retrieval;

/// <summary>Oracle 05: neighbours, votes and interpolation against scikit-learn.</summary>
[Trait("Category", Oracle.Category)]
public sealed class RetrievalOracleTests
{
    private const string Folder = "05_knn/";

    [Fact]
    public void Neighbours_and_their_distances()
    {
        var (tensors, set) = Asked("knn_generic", "neighbor_index_f64");
        Assert.Equal(tensors.Longs("neighbor_index_f64").Select(row => (int)row), set.NeighbourUtterance.SelectMany(row => row));
        Assert.True(Oracle.MaxAbs(tensors.Doubles("neighbor_dist_f64"), [.. set.NeighbourDistance.SelectMany(row => row)]) < 1e-9);
    }

    [Theory]
    [InlineData("knn_duplicates")]
    [InlineData("knn_ties")]
    public void Ties_resolve_by_datastore_order(string file)
    {
        var (tensors, set) = Asked(file, "neighbor_index_lowest_index_first");
        var neighbours = tensors.Longs("neighbor_index_lowest_index_first").Select(row => (int)row);
        Assert.Equal(neighbours, set.NeighbourUtterance.SelectMany(row => row));
        double[] expected = tensors.Doubles("p_lowest_index_first");
        int classes = (int)tensors.Entries["p_lowest_index_first"].Shape[2];
        Assert.Equal(expected, Votes(set, classes, (int)tensors.Entries["p_lowest_index_first"].Shape[0], Weightings.Uniform, 0));
    }

    [Fact]
    public void Votes_of_every_k_and_weighting()
    {
        var (tensors, set) = Asked("knn_generic", "neighbor_index_f64");
        var json = Oracle.Json(Folder + "knn.json");
        double tolerance = json.GetProperty("recommended_tolerance").GetProperty("p_weighted_f64").GetDouble();
        foreach (var (name, weighting, temperature) in Cases(tensors))
        {
            var shape = tensors.Entries[name + ".p_knn"].Shape;
            double[] votes = Votes(set, (int)shape[2], (int)shape[0], weighting, temperature);
            double worst = Oracle.MaxAbs(tensors.Doubles(name + ".p_knn"), votes);
            Assert.True(worst <= (weighting == Weightings.Uniform ? 0 : tolerance), $"{name}: {worst}");
        }
    }

    [Fact]
    public void Wa_and_ua_of_every_k_and_alpha_of_the_grid()
    {
        var (tensors, set) = Asked("knn_generic", "neighbor_index_f64");
        var json = Oracle.Json(Folder + "knn.json");
        double[] alphas = tensors.Doubles("alphas");
        foreach (var (name, weighting, temperature) in Cases(tensors))
        {
            var shape = tensors.Entries[name + ".p_knn"].Shape;
            var (most, classes) = ((int)shape[0], (int)shape[2]);
            double[] p = Votes(set, classes, most, weighting, temperature);
            double[] wa = new double[most * alphas.Length];
            double[] ua = new double[wa.Length];
            for (int cell = 0; cell < wa.Length; cell++)
            {
                (wa[cell], ua[cell]) = Measured(set, p, cell / alphas.Length, alphas[cell % alphas.Length], classes);
            }

            // A margin above the rounding means that no query may differ.
            bool sure = json.GetProperty("results").GetProperty(name).GetProperty("min_top1_top2_margin_over_grid").GetDouble() > 1e-9;
            double tolerance = sure ? 1e-12 : (1.0 / set.Truth.CountBy(truth => truth).Min(pair => pair.Value)) + 1e-12;
            Assert.True(Oracle.MaxAbs(tensors.Doubles(name + ".interp.WA"), wa) <= tolerance, name);
            Assert.True(Oracle.MaxAbs(tensors.Doubles(name + ".interp.UA"), ua) <= tolerance, name);
        }
    }

    [Fact]
    public void The_best_of_the_listed_grid_and_no_less_over_all_alphas()
    {
        var (tensors, set) = Asked("knn_generic", "neighbor_index_f64");
        var results = Oracle.Json(Folder + "knn.json").GetProperty("results");
        var best = results.GetProperty("uniform").GetProperty("UA");
        int classes = (int)tensors.Entries["p_model"].Shape[1];
        int[] everyK = [.. Enumerable.Range(1, set.NeighbourClass[0].Length)];
        var settings = new RetrievalSettings { K = everyK, Alpha = tensors.Doubles("alphas") };

        var listed = Selector.Choose([new FoldQueries(set, 1)], classes, Weightings.Uniform, settings);
        var exact = Selector.Choose([new FoldQueries(set, 1)], classes, Weightings.Uniform, settings with { Alpha = null });

        Assert.Equal(best.GetProperty("best").GetDouble(), listed.Ua, 1e-12);
        var maximisers = best.GetProperty("all_maximisers [k, alpha]").EnumerateArray();
        Assert.Contains((listed.K, listed.Alpha), maximisers.Select(pair => (pair[0].GetInt32(), pair[1].GetDouble())));
        Assert.True(exact.Ua >= listed.Ua - 1e-12);
        double[] model = tensors.Doubles("p_model");
        Assert.Equal(results.GetProperty("model_only").GetProperty("UA").GetDouble(), Measured(set, model, 0, 0, classes).Ua, 1e-12);
    }

    [Theory]
    [InlineData("softmax_d")]
    [InlineData("softmax_d2")]
    public void The_best_of_the_listed_grid_over_temperatures_too(string name)
    {
        // A median distance of 1 makes the oracle's temperatures, 1 and 10, two of the three factors that are tried.
        // The third, 0.1, is nearly the nearest neighbour alone and no better.
        var (tensors, set) = Asked("knn_generic", "neighbor_index_f64");
        var results = Oracle.Json(Folder + "knn.json").GetProperty("results");
        int classes = (int)tensors.Entries["p_model"].Shape[1];
        int[] everyK = [.. Enumerable.Range(1, set.NeighbourClass[0].Length)];
        var settings = new RetrievalSettings { K = everyK, Alpha = tensors.Doubles("alphas") };

        var listed = Selector.Choose([new FoldQueries(set, 1)], classes, name.Replace('_', '-'), settings);
        var exact = Selector.Choose([new FoldQueries(set, 1)], classes, name.Replace('_', '-'), settings with { Alpha = null });

        var all = ((double?[])[1, 10])
            .Select(factor => (Factor: factor, Best: results.GetProperty($"{name}_T{factor}").GetProperty("UA")))
            .ToList();
        double best = all.Max(one => one.Best.GetProperty("best").GetDouble());
        Assert.Equal(best, listed.Ua, 1e-12);
        var maximisers =
            from one in all
            where one.Best.GetProperty("best").GetDouble() > best - 1e-12
            from pair in one.Best.GetProperty("all_maximisers [k, alpha]").EnumerateArray()
            select (one.Factor, pair[0].GetInt32(), pair[1].GetDouble());
        Assert.Contains((listed.TemperatureFactor, listed.K, listed.Alpha), maximisers);
        Assert.True(exact.Ua >= listed.Ua - 1e-12);
    }

    [Fact]
    public void Neighbours_alone()
    {
        var (tensors, set) = Asked("knn_generic", "neighbor_index_f64");
        int classes = (int)tensors.Entries["p_model"].Shape[1];
        var expected = Oracle.Json(Folder + "knn.json").GetProperty("results").GetProperty("knn_only");
        var all = new List<(double Ua, double Wa, int K)>();
        foreach (JsonProperty row in expected.EnumerateObject())
        {
            int k = int.Parse(row.Name);
            var alone = Selector.ChooseNeighboursOnly([new FoldQueries(set, 1)],
                classes, Weightings.Uniform, new RetrievalSettings { K = [k] });
            Assert.Equal(row.Value.GetProperty("WA").GetDouble(), alone.Wa, 1e-12);
            Assert.Equal(row.Value.GetProperty("UA").GetDouble(), alone.Ua, 1e-12);
            all.Add((alone.Ua, alone.Wa, k));
        }

        var settings = new RetrievalSettings { K = [.. all.Select(row => row.K)] };
        var best = Selector.ChooseNeighboursOnly([new FoldQueries(set, 1)], classes, Weightings.Uniform, settings);
        Assert.Equal(all.OrderByDescending(row => row.Ua).ThenByDescending(row => row.Wa).ThenBy(row => row.K).First().K, best.K);
    }

    private static IEnumerable<(string Name, string Weighting, double Temperature)> Cases(SafeTensors tensors)
    {
        const string Suffix = ".p_knn";
        var names = tensors.Entries.Keys.Where(key => key.EndsWith(Suffix, StringComparison.Ordinal)).Select(key => key[..^Suffix.Length]);
        foreach (string name in names)
        {
            // uniform, softmax_d_T10, softmax_d2_T0.1, …
            string[] parts = name.Split("_T");
            yield return (name, parts[0].Replace('_', '-'), parts.Length > 1 ? double.Parse(parts[1]) : 0);
        }
    }

    private static (SafeTensors Tensors, QuerySet Set) Asked(string file, string neighbours)
    {
        var tensors = Oracle.Tensors($"{Folder}{file}.safetensors");
        int k = (int)tensors.Entries[neighbours].Shape[1];
        int dimension = (int)tensors.Entries["datastore"].Shape[1];
        int[] labels = Array.ConvertAll(tensors.Longs("datastore_labels"), label => (int)label);
        int[] truth = Array.ConvertAll(tensors.Longs("query_labels"), label => (int)label);
        var (index, distance) = NeighbourSearch.Find(tensors.Floats("queries"), tensors.Floats("datastore"), dimension, k);
        double[][] model = [.. truth.Select(_ => Array.Empty<double>())];
        if (tensors.Entries.TryGetValue("p_model", out var entry))
        {
            model = [.. tensors.Doubles("p_model").Chunk((int)entry.Shape[1])];
        }

        return (tensors, new QuerySet(
            [.. Enumerable.Range(0, truth.Length)], [.. truth.Select(_ => "speaker")], truth, model, index,
            Array.ConvertAll(index, row => Array.ConvertAll(row, stored => labels[stored])), distance));
    }

    // [k, queries, classes]
    private static double[] Votes(QuerySet set, int classes, int most, string weighting, double temperature)
    {
        double[] p = new double[most * set.Count * classes];
        for (int k = 1; k <= most; k++)
        {
            for (int query = 0; query < set.Count; query++)
            {
                var row = p.AsSpan((((k - 1) * set.Count) + query) * classes, classes);
                Domain.Selection.Votes.Fill(set, query, k, weighting, temperature, row);
            }
        }

        return p;
    }

    private static (double Wa, double Ua) Measured(QuerySet set, double[] p, int slot, double alpha, int classes)
    {
        int[] right = new int[classes];
        int[] size = new int[classes];
        double[] mixed = new double[classes];
        for (int query = 0; query < set.Count; query++)
        {
            Interpolation.Fill(set.Probabilities[query], p.AsSpan(((slot * set.Count) + query) * classes, classes), alpha, mixed);
            size[set.Truth[query]]++;
            right[set.Truth[query]] += Interpolation.MostProbableClass(mixed) == set.Truth[query] ? 1 : 0;
        }

        var recalls = Enumerable.Range(0, classes).Where(c => size[c] > 0).Select(c => (double)right[c] / size[c]);
        return ((double)right.Sum() / set.Count, recalls.Average());
    }
}
