using Ser.Domain;
using Ser.Domain.Corpora;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Runners.BuildDatastore;
using Ser.Runners.Predict;
using Ser.Stages;

namespace Ser.Runners.Tests.Predict;

public sealed class PredictorTests(OneFold fold) : IClassFixture<OneFold>
{
    private static readonly RetrievalChoice Softmax = new(Weightings.SoftmaxD, 7, 0.3, 0.1, 0.2, 0.4, 0, 0);
    private static readonly RetrievalChoice Uniform = new(Weightings.Uniform, 5, 0.6, null, 0.5, 0.7, 0, 0);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Test_utterances_get_what_the_evaluation_holds_to_the_bit(bool uniform)
    {
        var chosen = uniform ? Uniform : Softmax;
        var test = fold.Evaluation.Test;
        double[][] expected = chosen.Probabilities(FoldQueries.FromTest(fold.Evaluation));
        var got = Predict(chosen, 32, [.. test.Utterance.Select(index => fold.Corpus.Utterances[index].Path)]);
        Assert.Equal(test.Count, got.Length);
        double[] votes = new double[fold.Evaluation.Classes];
        for (int i = 0; i < got.Length; i++)
        {
            Assert.Equal(fold.Corpus.Utterances[test.Utterance[i]].Name, got[i].Utterance);
            Assert.Equal(test.Probabilities[i], got[i].Answer!.Model);
            Assert.Equal(expected[i], got[i].Answer!.Both);
            Votes.Fill(test, i, chosen.K, chosen.Weighting, chosen.Temperature(fold.Evaluation.MedianDistance), votes);
            Assert.Equal(votes, got[i].Answer!.Neighbours);
            var only = Assert.Single(got[i].Folds);
            Assert.Equal(Side.Test, only.Side);
            var neighbours = test.NeighbourUtterance[i].Select(index => fold.Corpus.Utterances[index].Name);
            Assert.Equal(neighbours, only.Nearest.Select(near => near.Utterance));
            Assert.Equal(test.NeighbourClass[i], only.Nearest.Select(near => near.Class));
            Assert.Equal(test.NeighbourDistance[i], only.Nearest.Select(near => near.Distance));
        }
    }

    [Fact]
    public void A_stored_recording_is_its_own_nearest_neighbour_and_reported_as_known()
    {
        var stored = fold.Corpus.Utterances.First(utterance => fold.Evaluation.ValidationSpeakers.Contains(utterance.Speaker));
        var only = Assert.Single(Assert.Single(Predict(Uniform, 1, [stored.Path])).Folds);
        Assert.Equal(Side.Validation, only.Side);
        Assert.Equal((stored.Name, 0.0), (only.Nearest[0].Utterance, only.Nearest[0].Distance));
    }

    [Fact]
    public void Several_folds_answer_by_the_mean_of_their_probabilities_kept_or_one_after_the_other()
    {
        // Another unit of temperature changes the answer of the same fold.
        var other = fold.Files with { Fold = 2, MedianDistance = 10 * fold.Files.MedianDistance };
        string[] files = [.. fold.Evaluation.Test.Utterance.Take(5).Select(index => fold.Corpus.Utterances[index].Path)];
        var apart = ((FoldFiles[])[fold.Files, other]).Select(one => Predict(Softmax, 2, files, one)).ToArray();
        Assert.NotEqual(apart[0][0].Answer!.Both, apart[1][0].Answer!.Both);
        foreach (long memory in (long[])[long.MaxValue, 0])
        {
            using var predictor = new Predictor(Plan(Softmax, 2, fold.Files, other), memory);
            Assert.Equal(memory > 0, predictor.KeepsModelsInMemory);
            var together = predictor.Predict(files, CancellationToken.None).ToArray();
            for (int i = 0; i < files.Length; i++)
            {
                Assert.Equal([1, 2], together[i].Folds.Select(one => one.Fold));
                double[] mean = [.. apart[0][i].Answer!.Both.Zip(apart[1][i].Answer!.Both, (a, b) => (a + b) / 2)];
                Assert.Equal(mean, together[i].Answer!.Both);
                Assert.Equal(apart[1][i].Answer!.Both, together[i].Folds[1].Answer.Both);
            }
        }
    }

    [Fact]
    public void Bad_recordings_are_named_in_their_place_and_the_others_answered()
    {
        string good = fold.Corpus.Utterances[0].Path;
        string empty = fold.At("empty.wav"), text = fold.At("text.wav"), brief = fold.At("brief.wav");
        File.WriteAllBytes(empty, []);
        File.WriteAllText(text, "no recording");
        File.WriteAllBytes(brief, File.ReadAllBytes(good)[..200]);
        var got = Predict(Uniform, 3, [empty, good, text, brief, fold.At("gone.wav")]);
        Assert.Equal([empty, good, text, brief, fold.At("gone.wav")], got.Select(one => one.File));
        Assert.Equal([false, true, false, false, false], got.Select(one => one.Answer is not null));
        Assert.Contains("empty", got[0].Problem!.What, StringComparison.Ordinal);
        Assert.Contains("25 ms", got[3].Problem!.What, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_ends_with_complete_answers()
    {
        using var stop = new CancellationTokenSource();
        using var predictor = new Predictor(Plan(Uniform, 1, fold.Files), long.MaxValue);
        string[] files = [.. fold.Corpus.Utterances.Select(utterance => utterance.Path)];
        var got = new List<Prediction>();
        foreach (var one in predictor.Predict(files, stop.Token))
        {
            got.Add(one);
            if (got.Count == 3)
            {
                stop.Cancel();
            }
        }

        Assert.Equal(predictor.BatchSize, got.Count);
        Assert.Equal(files[..predictor.BatchSize], got.Select(one => one.File));
    }

    [Theory]
    [InlineData(10_000, 1, "k = 10000")]
    [InlineData(3, 10_000, "10000 neighbours")]
    public void More_neighbours_than_stored_rows_are_refused(int k, int listed, string expected)
    {
        var wrong = Assert.Throws<InputException>(() => new Predictor(Plan(Uniform with { K = k }, listed, fold.Files), long.MaxValue));
        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
        Assert.Matches("stores [0-9]+ rows", wrong.Message);
    }

    private Prediction[] Predict(RetrievalChoice chosen, int listed, string[] files, FoldFiles? with = null)
    {
        using var predictor = new Predictor(Plan(chosen, listed, with ?? fold.Files), long.MaxValue);
        return [.. predictor.Predict(files, CancellationToken.None)];
    }

    private PredictionPlan Plan(RetrievalChoice chosen, int listed, params FoldFiles[] folds) =>
        new(fold.Corpus, folds, chosen, listed, new ComputeSpec(1, "float32", "cpu"));
}
