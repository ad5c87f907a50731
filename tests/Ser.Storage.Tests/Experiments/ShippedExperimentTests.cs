using System.Text.Json.Nodes;
using Ser.Domain.Experiments;
using Ser.Reporting;
using Ser.Storage.Experiments;

namespace Ser.Storage.Tests.Experiments;

public sealed class ShippedExperimentTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "experiments");

    [Fact]
    public void The_defaults_are_the_records()
    {
        var defaults = ExperimentFile.Read(Path.Combine(Folder, "defaults.yaml"), []);
        Assert.Equal(ExperimentJson.Write(new Experiment()), ExperimentJson.Write(defaults));
    }

    [Fact]
    public void Every_key_of_the_records_can_be_read_and_stands_in_the_defaults()
    {
        string[] keys = [.. Leaves("", ExperimentJson.ToNode(new Experiment()))];
        Assert.Equal(keys.Order(), ExperimentFile.Keys.Order());

        string section = "";
        var named = new List<string>();
        foreach (string line in File.ReadLines(Path.Combine(Folder, "defaults.yaml")).Where(line => line.Length > 0 && line[0] != '#'))
        {
            string key = line.Split(':')[0].Trim(' ', '-');
            bool inside = line[0] == ' ';
            section = inside ? section : key;
            named.AddRange(inside ? [$"{section}.{key}"] : line.Split('#')[0].Trim().EndsWith(':') ? [] : [key]);
        }

        Assert.Equal(keys.Order(), named.Order());
    }

    [Fact]
    public void The_experiment_of_the_paper_differs_from_the_defaults_in_name_corpus_and_weights_alone()
    {
        var experiment = ExperimentFile.Read(Path.Combine(Folder, "iemocap.yaml"), []);
        Assert.Equal("iemocap", experiment.Corpus.Kind);
        Assert.NotNull(experiment.Encoder.Weights);
        var defaults = new Experiment();
        var reset = experiment with
        {
            Name = defaults.Name,
            Corpus = defaults.Corpus,
            Encoder = experiment.Encoder with { Weights = null },
        };
        Assert.Equal(ExperimentJson.Write(defaults), ExperimentJson.Write(reset));
    }

    [Theory]
    [InlineData("paper.yaml", 1)]
    [InlineData("paper-emodb.yaml", 2)] // also the classical baseline
    [InlineData("paper-demo.yaml", 2)]
    public void The_papers_tables_share_their_arms(string file, int others)
    {
        var experiment = ExperimentFile.Read(Path.Combine(Folder, file), []);
        var needs = PaperRequirements.Find(experiment).ToDictionary(need => need.Name, need => need.Arms);
        Assert.Equal(["λ=0 mixed seed 1", "λ=0.1 mixed seed 1"], needs["Table 1"].Select(arm => arm.Name));
        Assert.Equal(["mixed", "noise", "volume", "reverberation", "pitch"], needs["Table 2"].Select(arm => arm.Augmentation));
        Assert.All(needs["Table 2"], arm => Assert.Equal(0.1, arm.Lambda));
        Assert.All((string[])["Table 3", "Figure 3", "Figure 4"], name => Assert.Equal(needs["Table 1"], needs[name]));
        Assert.Equal(["λ=0.1 mixed seed 1"], needs["Table 4"].Select(arm => arm.Name));
        Assert.Equal(others, needs[PaperRequirements.NotInPaper].Count);
        Assert.Equal(experiment.Arms().Count, needs.Values.SelectMany(arms => arms).Distinct().Count());
    }

    [Fact]
    public void Without_an_encoder_no_table_of_the_paper_is_made()
    {
        var baseline = ExperimentFile.Read(Path.Combine(Folder, "baseline.yaml"), []);
        Assert.Equal([PaperRequirements.NotInPaper], PaperRequirements.Find(baseline).Select(need => need.Name));
    }

    [Theory]
    [InlineData("demo.yaml", "synthetic")]
    [InlineData("emodb.yaml", "emodb")]
    public void Examples_compare_cross_entropy_alone_with_the_contrastive_loss(string file, string kind)
    {
        var experiment = ExperimentFile.Read(Path.Combine(Folder, file), []);
        Assert.Equal(kind, experiment.Corpus.Kind);
        Assert.Equal([0, 0.1], experiment.Arms().Select(arm => arm.Lambda));
    }

    [Fact]
    public void The_baseline_is_one_arm_and_its_second_example_stands_beside_the_paper()
    {
        var alone = ExperimentFile.Read(Path.Combine(Folder, "baseline.yaml"), []);
        Assert.True(alone.EncoderOf(Assert.Single(alone.Arms())).IsBaseline);
        string[] lines = File.ReadAllLines(Path.Combine(Folder, "baseline.yaml"));
        string set = lines.Single(line => line.Contains("grid=", StringComparison.Ordinal)).Split('\'')[1];
        var beside = ExperimentFile.Read(Path.Combine(Folder, "iemocap.yaml"), [set]);
        Assert.Equal(["λ=0 mixed seed 1", "λ=0.1 mixed seed 1", "mfcc"], beside.Arms().Select(arm => arm.Name));
    }

    // The corpus and lists are values. The only entry of grid has the keys of an entry.
    private static IEnumerable<string> Leaves(string prefix, JsonObject node) => node.SelectMany(member => member.Value switch
    {
        JsonObject inner when member.Key != "corpus" => Leaves($"{prefix}{member.Key}.", inner),
        JsonArray { Count: > 0 } list when list[0] is JsonObject first => Leaves($"{prefix}{member.Key}.", first),
        _ => [prefix + member.Key],
    });
}
