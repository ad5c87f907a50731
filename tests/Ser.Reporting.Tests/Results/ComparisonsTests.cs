using Ser.Domain.Experiments;
using Ser.Domain.Measures;
using Ser.Domain.Statistics;
using Ser.Reporting.Results;

namespace Ser.Reporting.Tests.Results;

public sealed class ComparisonsTests
{
    [Fact]
    public void Several_seeds_are_compared_by_their_means_in_one_line()
    {
        ArmInput[] arms =
        [
            MadeUpSweep.Arm(0, 1).Right(0.5),
            MadeUpSweep.Arm(0, 2).Right(0.6),
            MadeUpSweep.Arm(0.1, 1).Right(0.7),
            MadeUpSweep.Arm(0.1, 2).Right(0.9),
        ];
        var results = ResultsComputation.Compute(MadeUpSweep.Create(arms));
        Assert.Equal(6, results.Comparisons.Count);
        Assert.All(results.Comparisons, c => Assert.Contains("mean of 2 seeds", c.A));

        const string first = "λ=0 mixed mean of 2 seeds, model";
        const string second = "λ=0.1 mixed mean of 2 seeds, model";
        var plain = results.Comparisons.Single(c => c is { A: first, B: second });
        ResultRow[] models = [.. results.Rows.Where(row => row is { Inference: "model", Seed: not null })];
        double Mean(double lambda, Func<ResultRow, double> of) => models.Where(row => row.Lambda == lambda).Average(of);
        Assert.Equal(Mean(0.1, row => row.Ua.Pooled) - Mean(0, row => row.Ua.Pooled), plain.DeltaUa, 1e-12);
        Assert.Equal(Mean(0.1, row => row.Wa.Pooled) - Mean(0, row => row.Wa.Pooled), plain.DeltaWa, 1e-12);
        Assert.InRange(plain.DeltaWa, 0.2, 0.3);

        double[] Folds(double lambda) => [.. Enumerable.Range(0, 4).Select(fold => Mean(lambda, row => row.Folds[fold].Ua))];
        Assert.Equal(Wilcoxon.Test(Folds(0.1), Folds(0)).P, plain.Wilcoxon, 1e-12);
        Confusion[] Confusions(ResultRow row) => [.. row.Folds.Select(fold => fold.Confusion)];
        Confusion[][] Speakers(double lambda) => [.. models.Where(row => row.Lambda == lambda).Select(Confusions)];
        var interval = new SpeakerBootstrap().Difference(Speakers(0.1), Speakers(0)).Ua;
        Assert.Equal((interval.Low, interval.High), (plain.Low, plain.High));
        Assert.Null(plain.Mcnemar);
        Assert.Contains("\"mcnemar\": null", ResultsJson.Write(results));
        Assert.All(ResultsComputation.Compute(MadeUpSweep.Create(arms[0], arms[2])).Comparisons, c => Assert.NotNull(c.Mcnemar));
    }

    [Fact]
    public void Folds_that_one_seed_lacks_are_not_compared()
    {
        var cut = MadeUpSweep.Arm(0.1, 2).Right(0.9);
        cut = cut with { Folds = [.. cut.Folds.Select(fold => fold.Fold == 3 ? fold with { Evaluation = null } : fold)] };
        var whole = MadeUpSweep.Create(MadeUpSweep.Arm(0, 1).Right(0.5), MadeUpSweep.Arm(0.1, 1).Right(0.7), cut);
        ArmInput Without(ArmInput arm) => arm with { Folds = [.. arm.Folds.Where(fold => fold.Fold != 3)] };
        var shorter = whole with { Arms = [.. whole.Arms.Select(Without)] };
        static Comparison Plain(SweepResults results) => results.Comparisons.First(c => c.Question == ComparisonQuestions.Lambda);
        Assert.Equal(Plain(ResultsComputation.Compute(shorter)), Plain(ResultsComputation.Compute(whole)));
        var withoutIncomplete = whole with { Arms = [.. whole.Arms.SkipLast(1)] };
        Assert.NotEqual(Plain(ResultsComputation.Compute(withoutIncomplete)).DeltaUa, Plain(ResultsComputation.Compute(whole)).DeltaUa);
    }

    [Fact]
    public void Arms_that_differ_in_one_thing_are_compared_question_by_question()
    {
        var large = new EncoderSettings { Preset = "large" };
        var results = ResultsComputation.Compute(MadeUpSweep.Create(
            MadeUpSweep.Arm(0.3, 1),
            MadeUpSweep.Arm(0, 1),
            MadeUpSweep.Arm(0, 1, "pitch"),
            MadeUpSweep.Arm(0, 1, "none"),
            MadeUpSweep.Arm(new Arm(0, "mixed", 1) { Profile = Profiles.Robust }),
            MadeUpSweep.Arm(new Arm(0, "mixed", 1) { Encoder = large }),
            MadeUpSweep.Arm(MadeUpSweep.Baseline)));
        const string model = ", model";
        bool IsOfModels(Comparison c) => c.B.EndsWith(model, StringComparison.Ordinal);
        string Arms(Comparison c) => $"{c.A[..^model.Length]} → {c.B[..^model.Length]}";
        string[] Models(string question) => [.. results.Comparisons.Where(c => c.Question == question && IsOfModels(c)).Select(Arms)];
        string[] questions =
        [
            ComparisonQuestions.Neighbours, ComparisonQuestions.Lambda, ComparisonQuestions.Augmentation,
            ComparisonQuestions.Profile, ComparisonQuestions.Encoder, ComparisonQuestions.Baseline,
        ];
        Assert.Equal(questions, results.Comparisons.Select(c => c.Question).Distinct());
        Assert.Equal(["λ=0 mixed seed 1 → λ=0.3 mixed seed 1"], Models(ComparisonQuestions.Lambda));
        Assert.Equal(
            ["λ=0 none seed 1 → λ=0 mixed seed 1", "λ=0 none seed 1 → λ=0 pitch seed 1", "λ=0 mixed seed 1 → λ=0 pitch seed 1"],
            Models(ComparisonQuestions.Augmentation));
        Assert.Equal(["λ=0 mixed seed 1 → λ=0 mixed robust seed 1"], Models(ComparisonQuestions.Profile));
        Assert.Equal(["λ=0 mixed seed 1 → large λ=0 mixed seed 1"], Models(ComparisonQuestions.Encoder));
        var encoders = results.Rows.Where(row => row.Inference == "model" && row.Encoder != "mfcc");
        Assert.Equal(encoders.Select(row => "mfcc → " + row.Arm), Models(ComparisonQuestions.Baseline));
        Assert.All(results.Comparisons, c => Assert.True(c.A != c.B));
    }

    [Fact]
    public void An_arm_that_does_not_beat_the_baseline_has_a_warning()
    {
        var results = ResultsComputation.Compute(MadeUpSweep.Create(
            MadeUpSweep.Arm(0, 1).Right(0.3),
            MadeUpSweep.Arm(0.1, 1).Right(0.95),
            MadeUpSweep.Arm(0.3, 1).Right(0.66),
            MadeUpSweep.Arm(MadeUpSweep.Baseline).Right(0.65)));
        var models = results.Floor.Where(check => check.Row.EndsWith(", model", StringComparison.Ordinal));
        Assert.Equal([false, true, false], models.Select(check => check.Beats));
        string text = TextTableWriter.Write(SweepReport.CreateTables(results));
        Assert.Matches(@"WARNING: λ=0 mixed, model does not beat the mfcc floor: UA -\d+\.\d\d\n", text);
        Assert.Matches(@"WARNING: λ=0\.3 mixed, model does not beat the mfcc floor: UA \+\d\.\d\d, no significant difference", text);
        Assert.DoesNotContain("WARNING: λ=0.1 mixed, model does", text);
        Assert.Contains("\"floor\": [", ResultsJson.Write(results));

        var alone = ResultsComputation.Compute(MadeUpSweep.Create(MadeUpSweep.Arm(0, 1)));
        Assert.Empty(alone.Floor);
        Assert.DoesNotContain("WARNING", TextTableWriter.Write(SweepReport.CreateTables(alone)));
    }

    [Fact]
    public void Tables_can_have_several_encoders_of_the_same_name()
    {
        static ArmInput ArmOf(string folder)
        {
            var encoder = new EncoderSettings { Weights = folder + "/model.safetensors" };
            return MadeUpSweep.Arm(new Arm(0, "mixed", 1) { Encoder = encoder });
        }

        var results = ResultsComputation.Compute(MadeUpSweep.Create(ArmOf("a"), ArmOf("b")));
        Assert.Contains("encoder", TextTableWriter.Write(SweepReport.CreateTables(results)));
        Assert.Contains(results.Comparisons, c => c.Question == ComparisonQuestions.Encoder);
    }

    [Fact]
    public void Tables_for_reading_fit_120_columns_and_show_what_is_not_significant()
    {
        var grid = new GridEntry
        {
            Lambda = [0, 0.1, 0.3],
            Augmentation = ["none", "reverberation", "pitch", "mixed"],
            Seed = [1, 2],
        };
        var arms = new Experiment { Grid = [grid] }.Arms().Select(MadeUpSweep.Arm).ToArray();
        var input = MadeUpSweep.Create([.. arms, MadeUpSweep.Arm(MadeUpSweep.Baseline)]);
        var retrieval = input.Retrieval with { Weighting = ["uniform", "softmax-d2"], K = [8] };
        var results = ResultsComputation.Compute(input with { Retrieval = retrieval });
        var tables = SweepReport.CreateTables(results);
        string text = TextTableWriter.Write(tables);
        string[] wide = [.. text.Split('\n').Where(line => line.Length > 120)];
        Assert.Empty(wide);
        foreach (string format in (string[])[text, MarkdownTableWriter.Write(tables), LatexTableWriter.Write(tables)])
        {
            Assert.Contains("not significant", format);
        }

        Assert.InRange(tables[2].Rows.Count, 1, 72);
        Assert.Contains("more in --format json", text);
        string csv = CsvTableWriter.Write(RowsTable.CreateWide(results));
        Assert.Equal(results.Rows.Count + 1, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
