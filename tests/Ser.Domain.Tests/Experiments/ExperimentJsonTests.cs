using Ser.Domain.Experiments;

namespace Ser.Domain.Tests.Experiments;

public sealed class ExperimentJsonTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        var experiment = new Experiment
        {
            Name = "λ",
            Corpus = new("csv", "/data/m.csv"),
            Classes = [new("b", ["x", "y"]), new("a", ["z"])],
            Grid = [new() { Lambda = [0.1, 1e-7], Seed = [long.MaxValue] }, new() { Augmentation = ["none"] }],
            Training = new() { HeadLearningRate = 0.1, Dropout = 0, Normalize = false },
            Retrieval = new() { K = [3], Alpha = [0.1, 1.0 / 3] },
        };
        string json = ExperimentJson.Write(experiment);
        var again = ExperimentJson.Read(json);
        Assert.Equal(json, ExperimentJson.Write(again));
        Assert.Equal(experiment.Arms(), again.Arms());
        Assert.Equal(["b", "a"], again.Classes!.Select(named => named.Class));
        Assert.Equal(1.0 / 3, again.Retrieval.Alpha![1]);
    }

    [Fact]
    public void Every_key_is_written_and_absent_ones_have_their_defaults()
    {
        string json = ExperimentJson.Write(new Experiment());
        Assert.Contains("\"headLearningRate\":null", json);
        Assert.Contains("\"classes\":null", json);
        Assert.Equal(json, ExperimentJson.Write(ExperimentJson.Read("{}")));
    }

    [Theory]
    [InlineData("{\"fromTheFuture\":1}")]
    [InlineData("{")]
    [InlineData("null")]
    public void What_this_version_does_not_know_is_refused(string json) => Assert.Throws<InputException>(() => ExperimentJson.Read(json));
}
