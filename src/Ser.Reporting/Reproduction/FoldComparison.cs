using System.Runtime.InteropServices;
using Ser.Domain.Experiments;
using Ser.Domain.Measures;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Reporting.Results;

namespace Ser.Reporting.Reproduction;

/// <summary>How closely a reproduced result matches the recorded one.</summary>
public enum Sameness
{
    /// <summary>Every number of the evaluation has the same bits.</summary>
    Bits,

    /// <summary>Every prediction and choice is the same; no number differs by more than <see cref="FoldComparison.Tolerance"/>.</summary>
    Rounding,

    /// <summary>A number differs by more than the tolerance, or a prediction or choice differs.</summary>
    Different,
}

/// <summary>Compares the recorded evaluation of a fold with a reproduction of the same fold.</summary>
/// <param name="Sameness">The verdict.</param>
/// <param name="Problem">Why the two cannot be compared, because their queries differ; null where they can.</param>
/// <param name="Probability">Largest difference of a probability of the model, over validation and test queries.</param>
/// <param name="Distance">Largest difference of a neighbour's distance, in units of the recorded median distance.</param>
/// <param name="Neighbours">Number of queries whose nearest neighbours, or their order, differ.</param>
/// <param name="Queries">Number of validation and test queries.</param>
/// <param name="Predictions">Comparison of the predictions for the test queries, by inference.</param>
public sealed record FoldComparison(
    Sameness Sameness,
    string? Problem,
    double Probability,
    double Distance,
    int Neighbours,
    int Queries,
    IReadOnlyList<PredictionComparison> Predictions)
{
    /// <summary>
    /// The largest difference that still counts as rounding: absolute for probabilities and α, and in units of the fold's median distance
    /// for distances.
    /// </summary>
    public const double Tolerance = 1e-3;

    /// <summary>
    /// Compares two evaluations. k, α and temperature are chosen on the validation queries of each, as in `fold-validation` rows.
    /// </summary>
    /// <param name="recorded">The recorded evaluation.</param>
    /// <param name="reproduced">The reproduced evaluation.</param>
    /// <param name="retrieval">The candidates for k, α and weighting.</param>
    public static FoldComparison Compare(FoldEvaluation recorded, FoldEvaluation reproduced, RetrievalSettings retrieval)
    {
        Side[] sides = [new(recorded.Validation, reproduced.Validation), new(recorded.Test, reproduced.Test)];
        if (FindMismatch(recorded, reproduced, sides) is { } problem)
        {
            return new FoldComparison(Sameness.Different, problem, double.NaN, double.NaN, 0, 0, []);
        }

        PredictionComparison CompareWeighting(string weighting) =>
            PredictionComparison.CompareModelWithNeighbours(recorded, reproduced, weighting, retrieval);
        PredictionComparison[] predictions =
        [
            PredictionComparison.CompareModel(recorded, reproduced),
            .. retrieval.Weighting.Select(CompareWeighting),
        ];
        double unit = recorded.MedianDistance > 0 ? recorded.MedianDistance : 1;
        double probability = sides.Max(side => LargestDifference(side.Recorded.Probabilities, side.Reproduced.Probabilities));
        double distance = sides.Max(side => LargestDifference(side.Recorded.NeighbourDistance, side.Reproduced.NeighbourDistance)) / unit;
        int neighbours = sides.Sum(side => side.DifferingNeighbours());
        int queries = sides.Sum(side => side.Recorded.Count);
        bool sameBits = neighbours == 0
            && recorded.MedianDistance.Equals(reproduced.MedianDistance)
            && sides.All(side => SameBits(side.Recorded.Probabilities, side.Reproduced.Probabilities))
            && sides.All(side => SameBits(side.Recorded.NeighbourDistance, side.Reproduced.NeighbourDistance));
        bool withinTolerance = probability <= Tolerance && distance <= Tolerance && predictions.All(prediction => prediction.Same);
        var sameness = sameBits ? Sameness.Bits : withinTolerance ? Sameness.Rounding : Sameness.Different;
        return new FoldComparison(sameness, null, probability, distance, neighbours, queries, predictions);
    }

    // Why the two are not evaluations of the same queries; null where they are.
    private static string? FindMismatch(FoldEvaluation recorded, FoldEvaluation reproduced, Side[] sides)
    {
        if (recorded.Fold != reproduced.Fold || recorded.Classes != reproduced.Classes)
        {
            return "the recorded evaluation is of another fold or has other classes";
        }

        if (sides.Any(side => !side.Recorded.Utterance.SequenceEqual(side.Reproduced.Utterance)))
        {
            return "the recorded evaluation has other utterances as queries";
        }

        if (sides.Any(side => !side.Recorded.Truth.SequenceEqual(side.Reproduced.Truth)))
        {
            return "the recorded evaluation has other true classes";
        }

        return sides.All(side => side.HaveSameNumbersOfNeighbours()) ? null : "the recorded evaluation has another number of neighbours";
    }

    private static double LargestDifference(double[][] recorded, double[][] reproduced)
    {
        var differences = recorded.SelectMany(row => row).Zip(reproduced.SelectMany(row => row), (a, b) => Math.Abs(a - b));
        return differences.DefaultIfEmpty().Max();
    }

    private static bool SameBits(double[][] recorded, double[][] reproduced) => recorded.Zip(reproduced)
        .All(pair => MemoryMarshal.AsBytes<double>(pair.First).SequenceEqual(MemoryMarshal.AsBytes<double>(pair.Second)));

    /// <summary>The validation or the test queries of both evaluations.</summary>
    private sealed record Side(QuerySet Recorded, QuerySet Reproduced)
    {
        public int DifferingNeighbours() => Recorded.NeighbourUtterance
            .Zip(Reproduced.NeighbourUtterance)
            .Count(pair => !pair.First.SequenceEqual(pair.Second));

        public bool HaveSameNumbersOfNeighbours() => Recorded.NeighbourUtterance
            .Zip(Reproduced.NeighbourUtterance)
            .All(pair => pair.First.Length == pair.Second.Length);
    }
}

/// <summary>Compares the recorded predictions of one inference for the test queries with the reproduced ones.</summary>
/// <param name="Inference">A name of <see cref="RowKinds"/>.</param>
/// <param name="Recorded">The choice on the recorded validation queries; null for the model alone.</param>
/// <param name="Reproduced">The choice on the reproduced validation queries; null for the model alone.</param>
/// <param name="Differing">Number of test queries with another prediction.</param>
/// <param name="RecordedScores">Confusion of the recorded predictions.</param>
/// <param name="ReproducedScores">Confusion of the reproduced predictions.</param>
public sealed record PredictionComparison(
    string Inference,
    RetrievalChoice? Recorded,
    RetrievalChoice? Reproduced,
    int Differing,
    Confusion RecordedScores,
    Confusion ReproducedScores)
{
    /// <summary>Whether every prediction is the same, and k, temperature and (within the tolerance) α.</summary>
    public bool Same => Differing == 0 && Recorded?.K == Reproduced?.K && Recorded?.TemperatureFactor == Reproduced?.TemperatureFactor
        && Math.Abs((Recorded?.Alpha ?? 0) - (Reproduced?.Alpha ?? 0)) <= FoldComparison.Tolerance;

    internal static PredictionComparison CompareModel(FoldEvaluation recorded, FoldEvaluation reproduced) =>
        Compare(RowKinds.Model, Predict(recorded, null), Predict(reproduced, null));

    internal static PredictionComparison CompareModelWithNeighbours(
        FoldEvaluation recorded, FoldEvaluation reproduced, string weighting, RetrievalSettings retrieval)
    {
        RetrievalChoice Choose(FoldEvaluation fold) =>
            Selector.Choose([FoldQueries.FromValidation(fold)], fold.Classes, weighting, retrieval);
        return Compare(RowKinds.ModelWithNeighbours, Predict(recorded, Choose(recorded)), Predict(reproduced, Choose(reproduced)));
    }

    private static TestPredictions Predict(FoldEvaluation fold, RetrievalChoice? chosen)
    {
        double[][] probabilities = chosen is null ? fold.Test.Probabilities : chosen.Probabilities(FoldQueries.FromTest(fold));
        int[] classes = Array.ConvertAll(probabilities, p => Interpolation.MostProbableClass(p));
        return new TestPredictions(chosen, classes, Confusion.FromPredictions(fold.Test.Truth, classes, fold.Classes));
    }

    private static PredictionComparison Compare(string inference, TestPredictions recorded, TestPredictions reproduced)
    {
        int differing = recorded.Classes.Zip(reproduced.Classes).Count(pair => pair.First != pair.Second);
        return new PredictionComparison(inference, recorded.Chosen, reproduced.Chosen, differing, recorded.Confusion, reproduced.Confusion);
    }

    private sealed record TestPredictions(RetrievalChoice? Chosen, int[] Classes, Confusion Confusion);
}
