using Ser.Dashboard.Pages.Fold;
using Ser.Domain.Jobs;
using Ser.Domain.Selection;
using Ser.Reporting.Results;
using Ser.Results;

namespace Ser.Dashboard.Tests.Pages;

public sealed class FoldViewTests
{
    [Fact]
    public void Answers_are_those_of_the_tables()
    {
        using var made = new MadeUpData(MadeUpData.Sweep("one"));
        var stored = made.Stored("one");
        var input = StoredResults.ReadInput(made.Data.Artifacts, stored);
        var results = ResultsComputation.Compute(input);
        var fold = input.Arms[1].Folds[0];
        foreach (string selection in FoldView.Selections)
        {
            var chosen = FoldView.Chosen(results, input.Arms[1].Arm.Name, fold.Fold, selection)!;
            var answers = FoldView.Answers(FoldQueries.FromTest(fold.Evaluation!), chosen, stored.Corpus);
            var ofArm = results.Rows.Where(row => row.Arm == input.Arms[1].Arm.Name);
            var row = ofArm.Single(row => row.Inference == RowKinds.ModelWithNeighbours && row.Selection == selection);
            var model = results.Rows.Single(other => other.Arm == row.Arm && other.Inference == RowKinds.Model);
            Assert.Equal(row.Folds[0].Confusion.Counts, FoldView.Confusion(answers, RowKinds.ModelWithNeighbours, 4)!.Counts);
            Assert.Equal(model.Folds[0].Confusion.Counts, FoldView.Confusion(answers, RowKinds.Model, 4)!.Counts);
        }
    }

    [Fact]
    public void Choices_that_the_tables_do_not_have_are_none()
    {
        using var made = new MadeUpData(MadeUpData.Sweep("one", failed: 2));
        var stored = made.Stored("one");
        var results = ResultsComputation.Compute(StoredResults.ReadInput(made.Data.Artifacts, stored));
        Assert.Null(FoldView.Chosen(results, stored.Definition.Folds[0].Arm.Name, 2, RowKinds.PooledValidation));
        Assert.Null(FoldView.Chosen(results, "no such arm", 1, RowKinds.PooledValidation));
    }

    [Fact]
    public void A_cell_and_words_leave_their_utterances()
    {
        AnsweredUtterance[] all = [One(0, "a-1", "ann", 0, 0, 1), One(1, "a-2", "ann", 0, 1, 1), One(2, "b-1", "bob", 1, 1, 1)];
        Assert.Equal([1], Found(new UtteranceFilter(null, RowKinds.Model, 0, 1, false)));
        Assert.Equal([0, 1], Found(new UtteranceFilter(null, RowKinds.Neighbours, 0, 1, false)));
        Assert.Equal([1], Found(new UtteranceFilter(null, RowKinds.Model, null, null, true)));
        Assert.Equal([0], Found(new UtteranceFilter("ANN 1", RowKinds.ModelWithNeighbours, null, null, false)));

        IEnumerable<int> Found(UtteranceFilter filter) => FoldView.Filter(all, filter).Select(one => one.Query);
    }

    [Fact]
    public void Falls_of_the_learning_rate_are_steps()
    {
        double[] rates = [1e-3, 9e-4, 1e-4, 1e-4, 5e-5];
        Assert.Equal([3, 5],
            FoldView.LearningRateDrops([.. rates.Select((rate, i) => new EpochPoint(i + 1, 1, 1, 0, 1, 0.5, 0.5, rate, 1))]));
    }

    [Theory]
    [InlineData(12, "12 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(3L << 20, "3.0 MiB")]
    [InlineData(5L << 29, "2.50 GiB")]
    public void Sizes_are_for_people(long bytes, string text) => Assert.Equal(text, FoldView.Size(bytes));

    private static AnsweredUtterance One(int query, string name, string speaker, int truth, int model, int votes) =>
        new(query, query, name, speaker, truth, new Answer(model, 0.9), new Answer(votes, 0.8), new Answer(model, 0.7));
}
