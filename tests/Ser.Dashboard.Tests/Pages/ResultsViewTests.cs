using Ser.Dashboard.Pages.Compare;
using Ser.Dashboard.Pages.Embeddings;
using Ser.Dashboard.Pages.Paper;
using Ser.Domain;
using Ser.Domain.Results;
using Ser.Reporting;
using Ser.Reporting.Results;
using Ser.Results;

namespace Ser.Dashboard.Tests.Pages;

public sealed class ResultsViewTests
{
    [Fact]
    public void Two_rows_compared_on_their_own_are_as_the_table_of_comparisons_has_them()
    {
        using var made = new MadeUpData(MadeUpData.Sweep("one"), MadeUpData.Sweep("two"));
        var input = StoredResults.ReadInput(made.Data.Artifacts, made.Stored("one"));
        var known = ResultsComputation.Compute(input).Comparisons.First(one => one.Question == ComparisonQuestions.Lambda);
        var pair = RowPairComparison.Compare(input, known.A, input, known.B);
        Assert.Equal(known with { Question = "" }, pair.Comparison);
        Assert.Equal([1, 2, 3], pair.Folds.Select(fold => fold.Fold));
        Assert.Equal(pair.B.Folds[0].Ua - pair.A.Folds[0].Ua, pair.Folds[0].UaB - pair.Folds[0].UaA, 12);

        var other = StoredResults.ReadInput(made.Data.Artifacts, made.Stored("two"));
        Assert.Equal(0, RowPairComparison.Compare(input, known.A, other, known.A).Comparison.DeltaUa);
        var unknown = Assert.Throws<InputException>(() => RowPairComparison.Compare(input, "nothing", input, known.B));
        Assert.Contains("no row nothing", unknown.Message, StringComparison.Ordinal);
        var elsewhere = other with { Corpus = other.Corpus with { Digest = "x" } };
        var different = Assert.Throws<InputException>(() => RowPairComparison.Compare(input, known.A, elsewhere, known.A));
        Assert.Contains("different corpora", different.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_are_listed_by_their_dotted_keys_and_equal_settings_are_not()
    {
        using var made = new MadeUpData(MadeUpData.Sweep("one"), MadeUpData.Sweep("two") with { Epochs = 5 });
        var (a, b) = (made.Stored("one"), made.Stored("two"));
        var rows = ResultsComputation.Compute(StoredResults.ReadInput(made.Data.Artifacts, a)).Rows;
        var found = CompareView.Differences(a.Definition.Experiment, b.Definition.Experiment, rows[0], rows[0]);
        Assert.Equal([new SettingDifference("training.epochs", "4", "5")], found);
        var experiment = a.Definition.Experiment;
        var between = CompareView.Differences(experiment, experiment, rows[0], rows.First(row => row.Lambda == 0.1));
        Assert.Contains(new SettingDifference("row: λ", "0", "0.1"), between);
    }

    [Fact]
    public void The_self_checks_hold_and_fail_when_a_number_is_wrong()
    {
        using var made = new MadeUpData(MadeUpData.Sweep("one"));
        var results = ResultsComputation.Compute(StoredResults.ReadInput(made.Data.Artifacts, made.Stored("one")));
        Assert.All(PaperView.Checks(results), check => Assert.True(check.Holds, $"{check.Statement}: {check.Found}"));
        Assert.Empty(PaperView.Missing(results));
        ResultRow Wrong(ResultRow row) => row with { Ua = row.Ua with { Pooled = row.Ua.Pooled + 0.001 } };
        var wrong = results with { Rows = [.. results.Rows.Select(Wrong)] };
        Assert.Equal(4, PaperView.Checks(wrong).Count(check => !check.Holds));
    }

    [Fact]
    public void Missing_folds_are_reported_and_every_row_of_ours_names_its_source()
    {
        using var made = new MadeUpData(MadeUpData.Sweep("one", failed: 2));
        var results = ResultsComputation.Compute(StoredResults.ReadInput(made.Data.Artifacts, made.Stored("one")));
        Assert.Equal(2, PaperView.Missing(results).Count(line => line.Contains("fold 2, FineTune failed", StringComparison.Ordinal)));
        var table = PaperTable3.Create(results);
        Assert.Equal(4, table.Sources.Count);
        int column = table.Columns.ToList().IndexOf("UA pooled");
        foreach (var source in table.Sources)
        {
            Assert.Equal(Cell.Percent(source.Value.Ua.Pooled).Text, table.Rows[source.Key][column].Text);
        }
        Assert.Equal([7], PaperTables.CreateTable4(results).Sources.Keys);
    }

    [Fact]
    public void Points_of_a_map_are_grouped_by_any_property_and_a_missing_method_has_none()
    {
        using var made = new MadeUpData(MadeUpData.Sweep("one"));
        var stored = made.Stored("one");
        var evaluation = StoredResults.ReadInput(made.Data.Artifacts, stored).Arms[0].Folds[0].Evaluation!;
        int[] all = [.. Enumerable.Range(0, stored.Corpus.Utterances.Count)];
        var separation = new Separation(1, 0.5, [], 0.5, 5, 1, 2);
        string[] sides = [.. all.Select(index => evaluation.Test.Utterance.Contains(index) ? "test" : "train")];
        int[] classes = [.. all.Select(index => stored.Corpus.Utterances[index].Class)];
        double[] x = [.. all.Select(index => (double)index)], y = [.. all.Select(index => -(double)index)];
        var map = new PcaMap(x, y, [0.5], 0.9, separation);
        var projection = new FoldProjection(1, all, sides, classes, separation, separation, map, null);
        Assert.Empty(EmbeddingsView.Points(projection, evaluation, stored.Corpus, "tsne", "class"));
        var points = EmbeddingsView.Points(projection, evaluation, stored.Corpus, "pca", "correctness");
        Assert.Equal(all.Length, points.Count);
        Assert.Equal(evaluation.Test.Count, points.Count(point => point.IsTest));
        Assert.Equal(evaluation.Test.Count + evaluation.Validation.Count, points.Count(point => point.Group != "trained on"));
        var series = EmbeddingsView.Series(points, EmbeddingsView.Groups(stored.Corpus, "correctness"));
        Assert.Equal(all.Length, series.Sum(group => group.Value.Count));
    }
}
