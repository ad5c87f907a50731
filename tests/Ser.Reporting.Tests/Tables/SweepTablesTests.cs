using System.Text.Json;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Reporting.Results;
using Ser.TestSupport;

namespace Ser.Reporting.Tests.Tables;

public sealed class SweepTablesTests
{
    [Fact]
    public void Every_arm_has_its_seven_rows_in_order()
    {
        var results = ResultsComputation.Compute(Input());
        var rows = results.Rows.Take(7).Select(row => (row.Inference, row.Selection));
        Assert.Equal(
            [("model", "none"), ("model+knn", "pooled-validation"), ("model+knn", "fold-validation"), ("model+knn", "test-oracle"),
                ("knn", "pooled-validation"), ("knn", "fold-validation"), ("knn", "test-oracle")],
            rows);
        Assert.Equal(14, results.Rows.Count);
        Assert.All(results.Rows, row =>
        {
            Assert.Equal(row.Folds.Sum(fold => fold.N), row.Confusion.Total);
            Assert.Equal(row.Folds.Average(fold => fold.Ua), row.Ua.Mean, 1e-12);
            Assert.Equal(row.Confusion.Wa, row.Wa.Pooled, 1e-12);
            Assert.InRange(row.Ua.Pooled, row.Ua.Low - 0.1, row.Ua.High + 0.1);
        });
        Assert.True(results.Rows[3].Ua.Pooled >= results.Rows[1].Ua.Pooled - 1e-12, "the test oracle is an upper bound of a pooled choice");
        Assert.NotNull(results.Rows[1].K);
        Assert.Equal((null, 0.0), (results.Rows[0].K, results.Rows[0].Alpha));
        Assert.Equal(1.0, results.Rows[4].Alpha);
        Assert.Equal(6, results.Comparisons.Count);
    }

    [Fact]
    public void The_test_side_never_decides_a_choice_on_validation()
    {
        var input = Input();
        FoldEvaluation WithOtherTest(FoldEvaluation fold) =>
            fold with { Test = new Draw((ulong)fold.Fold + 900).Queries(30, 4, 8, $"s{fold.Fold}") };
        var other = input with { Arms = [.. input.Arms.Select(arm => arm.WithEvaluations(WithOtherTest))] };
        var (a, b) = (ResultsComputation.Compute(input), ResultsComputation.Compute(other));
        foreach (var (one, two) in a.Rows.Zip(b.Rows).Where(pair => pair.First.Selection is "pooled-validation" or "fold-validation"))
        {
            Assert.Equal(one.Folds.Select(fold => (fold.K, fold.Alpha)), two.Folds.Select(fold => (fold.K, fold.Alpha)));
        }
    }

    [Fact]
    public void The_digest_depends_on_bits_and_settings_but_not_on_names_or_counts()
    {
        var input = Input();
        string digest = ResultsComputation.Compute(input).Digest;
        ArmInput Rename(ArmInput arm) => arm with
        {
            Encoder = "/elsewhere/w.safetensors",
            Folds = [.. arm.Folds.Select(fold => fold with { JobId = "x" })],
        };
        var renamed = input with
        {
            Sweep = "another",
            Jobs = new JobCounts(9, 9, 0, 0),
            Arms = [.. input.Arms.Select(Rename)],
        };
        Assert.Equal(digest, ResultsComputation.Compute(renamed).Digest);

        double[] p = input.Arms[0].Folds[0].Evaluation!.Test.Probabilities[0];
        p[0] = Math.BitIncrement(p[0]);
        Assert.NotEqual(digest, ResultsComputation.Compute(input).Digest);
    }

    [Fact]
    public void Missing_folds_are_reported_with_their_reason_and_left_out()
    {
        var input = Input();
        FoldInput FailSecond(FoldInput fold) => fold.Fold == 2 ? fold with { Evaluation = null, Reason = "failed: out of memory" } : fold;
        var incomplete = input.Arms[1] with { Folds = [.. input.Arms[1].Folds.Select(FailSecond)] };
        var results = ResultsComputation.Compute(input with { Arms = [input.Arms[0], incomplete] });
        Assert.Equal([new MissingFold("λ=0.1 mixed seed 1", 2, "failed: out of memory")], results.Missing);
        Assert.Equal([1, 3, 4], results.Rows[7].Folds.Select(fold => fold.Fold));
        Assert.Contains("fold 2 (failed: out of memory)", TextTableWriter.Write(PaperTable3.Create(results)));
    }

    [Fact]
    public void Without_a_finished_fold_there_are_no_numbers()
    {
        var input = Input();
        var none = ResultsComputation.Compute(input with { Arms = [.. input.Arms.Select(arm => arm.WithEvaluations(_ => null))] });
        Assert.Empty(none.Rows);
        Assert.Contains("No fold is finished yet", TextTableWriter.Write(RowsTable.Create(none)));
        Assert.Contains("No fold is finished yet", TextTableWriter.Write(PaperTable3.Create(none)));
    }

    [Fact]
    public void Several_seeds_also_give_their_mean()
    {
        var input = Input();
        var results = ResultsComputation.Compute(input with { Arms = [MadeUpSweep.Arm(0, 1), MadeUpSweep.Arm(0, 2)] });
        var mean = Assert.Single(results.Rows, row => row is { Seed: null, Inference: "model" });
        var each = results.Rows.Where(row => row is { Seed: not null, Inference: "model" }).ToList();
        Assert.Equal(each.Average(row => row.Ua.Mean), mean.Ua.Mean, 1e-12);
        Assert.Equal(each.Average(row => row.Ua.Pooled), mean.Ua.Pooled, 1e-12);

        // Utterances are counted once, predictions once for each seed.
        Assert.Equal((2, 120), (mean.Seeds, mean.Folds.Sum(fold => fold.N)));
        Assert.All(mean.Folds, fold => Assert.Equal((30, 60), (fold.N, fold.Confusion.Total)));
        Assert.Equal(240, mean.Confusion.Total);
        Assert.All(each, row => Assert.Equal((1, 120), (row.Seeds, row.Confusion.Total)));
    }

    [Fact]
    public void Json_has_the_promised_fields()
    {
        using var json = JsonDocument.Parse(ResultsJson.Write(ResultsComputation.Compute(Input())));
        var row = json.RootElement.GetProperty("rows")[1];
        string[] top = ["sweep", "corpus", "classes", "digest", "rows", "comparisons", "floor", "chosen", "missing", "jobs"];
        string[] fields =
        [
            "arm", "lambda", "augmentation", "encoder", "profile", "seed", "seeds", "inference", "selection", "weighting", "temperature",
            "k", "alpha", "wa", "ua", "confusion", "folds",
        ];
        string[] fold = ["fold", "testSpeakers", "validationSpeakers", "n", "wa", "ua", "k", "alpha", "confusion", "jobId"];
        string[] comparison = ["question", "a", "b", "deltaWa", "deltaUa", "mcnemar", "wilcoxon", "low", "high", "insideNoise"];
        Assert.All(top, name => json.RootElement.GetProperty(name));
        Assert.All(fields, name => row.GetProperty(name));
        Assert.All(fold, name => row.GetProperty("folds")[0].GetProperty(name));
        Assert.All(comparison, name => json.RootElement.GetProperty("comparisons")[0].GetProperty(name));
        Assert.All((string[])["mean", "sd", "pooled", "low", "high"], name => row.GetProperty("ua").GetProperty(name));
        string[] chosen =
        [
            "row", "augmentation", "encoder", "profile", "lambda", "inference", "weighting", "validationUa", "validationWa", "ua", "wa",
        ];
        Assert.All(chosen, name => json.RootElement.GetProperty("chosen")[0].GetProperty(name));
        Assert.Equal(JsonValueKind.Number, row.GetProperty("confusion")[0][0].ValueKind);
        Assert.Equal(4, json.RootElement.GetProperty("jobs").GetProperty("planned").GetInt32());
    }

    [Fact]
    public void Table_3_stands_beside_the_paper_and_names_another_corpus()
    {
        string text = TextTableWriter.Write(PaperTable3.Create(ResultsComputation.Compute(Input())));
        Assert.Contains("another corpus (synthetic", text);
        Assert.Matches(@"S3 .*74\.13 +75\.14", text);
        var iemocap = Input() with { Corpus = new CorpusSummary("iemocap", "d", 5531, 10) };
        Assert.DoesNotContain("another corpus", TextTableWriter.Write(PaperTable3.Create(ResultsComputation.Compute(iemocap))));
    }

    [Fact]
    public void Table_3_is_of_one_encoder_and_of_the_baseline_only_where_there_is_no_other()
    {
        var baseline = MadeUpSweep.Arm(MadeUpSweep.Baseline);
        var alone = PaperTable3.Create(ResultsComputation.Compute(Input() with { Arms = [baseline] }));
        Assert.Contains("S1 and S1+kNN are MFCC statistics", TextTableWriter.Write(alone));
        Assert.DoesNotContain("no finished fold", TextTableWriter.Write(alone));
        Assert.Equal([4.0, 4.0, 0.0, 0.0], alone.Rows.Select(row => row[5].Value));

        // An arm with an encoder is preferred to the baseline, whichever is first, and rows of the two are not mixed.
        var beside = PaperTable3.Create(ResultsComputation.Compute(Input() with { Arms = [baseline, MadeUpSweep.Arm(0.1, 1)] }));
        Assert.DoesNotContain("MFCC", TextTableWriter.Write(beside));
        Assert.Equal([0.0, 0.0, 4.0, 4.0], beside.Rows.Select(row => row[5].Value));
    }

    [Fact]
    public void Csv_and_latex_escape_hostile_names()
    {
        var table = new Table("50% of a_b", ["x & y", "n"], [[new Cell("=HYPERLINK(\"u\")"), new Cell("12.00", -0.12)]], []);
        Assert.Equal("x & y,n\r\n\"'=HYPERLINK(\"\"u\"\")\",-0.12\r\n", CsvTableWriter.Write(table));
        string latex = LatexTableWriter.Write(table);
        Assert.Contains(@"50\% of a\_b", latex);
        Assert.Contains(@"x \& y & n", latex);
        Assert.Contains("| --- | --- |", MarkdownTableWriter.Write(table));
    }

    [Fact]
    public void Every_row_of_one_k_and_alpha_is_redrawn_to_the_bit()
    {
        var input = Input();
        input = input with { Arms = [input.Arms[0]], Retrieval = input.Retrieval with { Weighting = Weightings.All } };
        var redraw = new ArmEvaluator([.. input.Arms[0].Folds.Select(fold => FoldQueries.FromTest(fold.Evaluation!))], 4);
        ResultRow[] rows = [.. ResultsComputation.Compute(input).Rows.Where(row => row is { K: not null, Alpha: not null })];
        Assert.True(rows.Length >= 12);
        foreach (var row in rows)
        {
            var redrawn = redraw.Evaluate(row.K!.Value, row.Alpha!.Value, row.Weighting!, row.Temperature);
            Assert.Equal(row.Confusion.Counts, redrawn.Pooled.Counts);
            Assert.Equal((row.Wa.Pooled, row.Ua.Pooled), (redrawn.Pooled.Wa, redrawn.Pooled.Ua));
            Assert.Equal(row.Folds.Select(fold => (fold.Wa, fold.Ua)), redrawn.Folds.Select(fold => (fold.Wa, fold.Ua)));
        }
    }

    private static ResultsInput Input() => MadeUpSweep.Create(MadeUpSweep.Arm(0, 1), MadeUpSweep.Arm(0.1, 1));
}
