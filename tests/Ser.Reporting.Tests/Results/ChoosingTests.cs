using Ser.Domain.Measures;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Reporting.Results;

namespace Ser.Reporting.Tests.Results;

public sealed class ChoosingTests
{
    [Fact]
    public void Lambda_is_the_best_on_validation_regardless_of_test_scores()
    {
        var results = ResultsComputation.Compute(MadeUpSweep.Create(
            MadeUpSweep.Arm(0, 1).RightOnValidation(0.4).Right(0.95),
            MadeUpSweep.Arm(0.1, 1).RightOnValidation(0.9).Right(0.35),
            MadeUpSweep.Arm(0.5, 1).RightOnValidation(0.6).Right(0.6)));
        Assert.Equal([("model", 0.1), ("model+knn", 0.1)], results.Chosen.Select(chosen => (chosen.Inference, chosen.Lambda)));
        var model = results.Chosen[0];
        Assert.Equal(0.9, model.ValidationWa, 1e-12);
        var row = results.Rows.Single(one => one.Name == model.Row);
        Assert.Equal((0.1, "model", row.Ua, row.Wa), (row.Lambda, row.Inference, model.Ua, model.Wa));
        Assert.InRange(model.Wa.Mean, 0.3, 0.4);
        Assert.Matches(@"model +0\.1 +\d\d\.\d\d +90\.00", TextTableWriter.Write(ChosenTable.Create(results)!));
    }

    [Fact]
    public void With_neighbours_the_choice_is_judged_as_it_was_made()
    {
        var input = MadeUpSweep.Create(MadeUpSweep.Arm(0, 1), MadeUpSweep.Arm(0.1, 1));
        var chosen = ResultsComputation.Compute(input).Chosen.Single(one => one.Inference == "model+knn");
        var pooled = input.Arms.Select(arm => PooledValidation.Choose(arm, 4, input.Retrieval)).ToArray();
        var best = pooled.MaxBy(choice => (choice.Ua, choice.Wa))!;
        Assert.Equal((best.Ua, best.Wa), (chosen.ValidationUa, chosen.ValidationWa));
    }

    [Fact]
    public void A_tie_goes_to_the_higher_wa_and_then_to_the_smaller_lambda()
    {
        // Both arms have equal scores, so only λ decides, whatever the order of the grid.
        var zero = MadeUpSweep.Arm(0, 1);
        var same = zero with { Arm = zero.Arm with { Lambda = 0.5 } };
        Assert.All(ResultsComputation.Compute(MadeUpSweep.Create(same, zero)).Chosen, chosen => Assert.Equal(0, chosen.Lambda));
    }

    [Fact]
    public void Several_seeds_are_judged_by_their_mean()
    {
        var results = ResultsComputation.Compute(MadeUpSweep.Create(
            MadeUpSweep.Arm(0, 1).RightOnValidation(0.9), MadeUpSweep.Arm(0, 2).RightOnValidation(0.3),
            MadeUpSweep.Arm(0.1, 1).RightOnValidation(0.7), MadeUpSweep.Arm(0.1, 2).RightOnValidation(0.8)));
        var model = results.Chosen.Single(chosen => chosen.Inference == "model");
        Assert.Equal(0.1, model.Lambda);
        Assert.Equal(0.75, model.ValidationWa, 1e-12);
        Assert.Contains("mean of 2 seeds", model.Row);
    }

    [Fact]
    public void Arms_that_differ_otherwise_have_choices_of_their_own_and_one_lambda_is_no_choice()
    {
        var results = ResultsComputation.Compute(MadeUpSweep.Create(
            MadeUpSweep.Arm(0, 1),
            MadeUpSweep.Arm(0.1, 1),
            MadeUpSweep.Arm(0, 1, "pitch"),
            MadeUpSweep.Arm(0.3, 1, "pitch"),
            MadeUpSweep.Arm(0, 1, "none"),
            MadeUpSweep.Arm(MadeUpSweep.Baseline)));
        Assert.Equal(["mixed", "mixed", "pitch", "pitch"], results.Chosen.Select(chosen => chosen.Augmentation).Order());
        Assert.Null(ChosenTable.Create(ResultsComputation.Compute(MadeUpSweep.Create(MadeUpSweep.Arm(0, 1)))));
    }

    [Fact]
    public void Only_folds_that_every_lambda_has_are_judged()
    {
        var zero = MadeUpSweep.Arm(0, 1).RightOnValidation(0.5);
        var incomplete = MadeUpSweep.Arm(0.1, 1).RightOnValidation(0.9);
        incomplete = incomplete.WithEvaluations(fold => fold.Fold == 2 ? null : fold);
        var chosen = ResultsComputation.Compute(MadeUpSweep.Create(zero, incomplete)).Chosen.Single(one => one.Inference == "model");
        var finished = incomplete.Folds.Where(fold => fold.Evaluation is not null);
        var pooled = Confusion.Pooled(finished.Select(fold => ModelConfusion(fold.Evaluation!.Validation)), 4);
        Assert.Equal((0.1, pooled.Ua), (chosen.Lambda, chosen.ValidationUa));
    }

    private static Confusion ModelConfusion(QuerySet queries)
    {
        int[] predictions = Array.ConvertAll(queries.Probabilities, p => Array.IndexOf(p, p.Max()));
        return Confusion.FromPredictions(queries.Truth, predictions, 4);
    }
}
