using Ser.Domain.Experiments;
using Ser.Domain.Results;
using Ser.Reporting.Reproduction;

namespace Ser.Reporting.Tests.Reproduction;

public sealed class FoldComparisonTests
{
    private static readonly FoldEvaluation Recorded = MadeUpSweep.Arm(0.1, 1).Folds[0].Evaluation!;
    private static readonly RetrievalSettings Retrieval = new() { K = [.. Enumerable.Range(1, 8)], Weighting = ["uniform", "softmax-d"] };

    [Fact]
    public void Equal_numbers_are_the_same_to_the_bit()
    {
        var same = FoldComparison.Compare(Recorded, Moved(0), Retrieval);
        Assert.Equal((Sameness.Bits, 0.0, 0.0, 0, 60), (same.Sameness, same.Probability, same.Distance, same.Neighbours, same.Queries));
        Assert.Equal(["model", "model+knn", "model+knn"], same.Predictions.Select(answer => answer.Inference));
        Assert.All(same.Predictions, answer => Assert.Equal(answer.RecordedScores.Ua, answer.ReproducedScores.Ua));
    }

    [Fact]
    public void A_difference_in_the_last_digits_is_rounding_and_its_size_is_reported()
    {
        var close = FoldComparison.Compare(Recorded, Moved(1e-9), Retrieval);
        Assert.Equal(Sameness.Rounding, close.Sameness);
        Assert.InRange(close.Probability, 0.9e-9, 1.1e-9);
        Assert.All(close.Predictions, answer => Assert.True(answer.Same));
    }

    [Fact]
    public void More_than_the_tolerance_is_different_though_every_answer_is_the_same()
    {
        var recorded = Recorded with { MedianDistance = 1 };
        double[][] shifted = [.. recorded.Test.NeighbourDistance.Select(row => Array.ConvertAll(row, d => d + 0.002))];
        var again = recorded with { Test = recorded.Test with { NeighbourDistance = shifted } };
        var far = FoldComparison.Compare(recorded, again, Retrieval with { Weighting = ["uniform"] });
        Assert.All(far.Predictions, answer => Assert.True(answer.Same));
        Assert.Equal(Sameness.Different, far.Sameness);
        Assert.InRange(far.Distance, 0.0019, 0.0021);
    }

    [Fact]
    public void Another_answer_is_different_and_counted()
    {
        double[][] swapped = [.. Recorded.Test.Probabilities];
        swapped[4] = [.. swapped[4].Reverse()];
        var other = FoldComparison.Compare(Recorded, Recorded with { Test = Recorded.Test with { Probabilities = swapped } }, Retrieval);
        Assert.Equal((Sameness.Different, 1), (other.Sameness, other.Predictions[0].Differing));
    }

    [Fact]
    public void Evaluations_of_other_utterances_are_not_compared()
    {
        int[] others = [.. Recorded.Test.Utterance.Select(u => u + 1)];
        var other = FoldComparison.Compare(Recorded, Recorded with { Test = Recorded.Test with { Utterance = others } }, Retrieval);
        Assert.Equal(Sameness.Different, other.Sameness);
        Assert.Contains("other utterances", other.Problem, StringComparison.Ordinal);
        Assert.Empty(other.Predictions);
    }

    // Adds to the first probability of every query and takes it from the second.
    private static FoldEvaluation Moved(double by)
    {
        double[] MoveRow(double[] p) => [p[0] + by, p[1] - by, .. p[2..]];
        QuerySet Move(QuerySet queries) => queries with { Probabilities = [.. queries.Probabilities.Select(MoveRow)] };
        return Recorded with { Validation = Move(Recorded.Validation), Test = Move(Recorded.Test) };
    }
}
