using System.Runtime.InteropServices;
using Ser.Domain.Experiments;
using Ser.Domain.Measures;
using Ser.Domain.Results;
using Ser.Domain.Selection;
using Ser.Reporting.Results;

namespace Ser.Reporting.Reproduction;

/// <summary>How far a result that was made again is the recorded one.</summary>
public enum Sameness
{
    /// <summary>Every number of the evaluation has the same bits.</summary>
    Bits,

    /// <summary>No number differs by more than <see cref="FoldComparison.Tolerance"/>, and every answer and choice is the same.</summary>
    Rounding,

    /// <summary>Neither.</summary>
    Different,
}

/// <summary>A fold's evaluation as it was recorded beside the same fold made again.</summary>
/// <param name="Sameness">The verdict.</param>
/// <param name="Problem">Where the two are not even of the same queries, in what they differ; nothing else is compared then.</param>
/// <param name="Probability">Largest difference of a model's probability, over validation and test queries.</param>
/// <param name="Distance">Largest difference of a neighbour's distance, in units of the recorded median distance.</param>
/// <param name="Neighbours">Queries whose nearest neighbours are other ones, or in another order.</param>
/// <param name="Queries">Queries of both sides.</param>
/// <param name="Answers">Answers to the test queries, by each inference.</param>
public sealed record FoldComparison(
    Sameness Sameness, string? Problem, double Probability, double Distance, int Neighbours, int Queries, IReadOnlyList<AnswerComparison> Answers)
{
    /// <summary>What still counts as rounding: of a probability and of α as it stands, of a distance in units of the fold's median distance.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>Compares. k, α and temperature are chosen on each side's own validation queries, as a row `fold-validation` does.</summary>
    /// <param name="recorded">As it was recorded.</param>
    /// <param name="again">As it came out now.</param>
    /// <param name="retrieval">What the experiment tries.</param>
    public static FoldComparison Of(FoldEvaluation recorded, FoldEvaluation again, RetrievalSettings retrieval)
    {
        (QuerySet Recorded, QuerySet Again)[] sides = [(recorded.Validation, again.Validation), (recorded.Test, again.Test)];
        if (OtherQuestions(recorded, again, sides) is { } problem)
        {
            return new FoldComparison(Sameness.Different, problem, double.NaN, double.NaN, 0, 0, []);
        }

        AnswerComparison[] answers =
        [
            AnswerComparison.OfModel(recorded, again),
            .. retrieval.Weighting.Select(weighting => AnswerComparison.OfBoth(recorded, again, weighting, retrieval)),
        ];
        double probability = sides.Max(side => Largest(side.Recorded.Probabilities, side.Again.Probabilities));
        double distance = sides.Max(side => Largest(side.Recorded.NeighbourDistance, side.Again.NeighbourDistance)) / (recorded.MedianDistance > 0 ? recorded.MedianDistance : 1);
        int neighbours = sides.Sum(side => side.Recorded.NeighbourUtterance.Zip(side.Again.NeighbourUtterance).Count(pair => !pair.First.SequenceEqual(pair.Second)));
        bool bits = neighbours == 0 && recorded.MedianDistance.Equals(again.MedianDistance) && sides.All(side =>
            SameBits(side.Recorded.Probabilities, side.Again.Probabilities) && SameBits(side.Recorded.NeighbourDistance, side.Again.NeighbourDistance));
        bool close = probability <= Tolerance && distance <= Tolerance && answers.All(answer => answer.Same);
        return new FoldComparison(
            bits ? Sameness.Bits : close ? Sameness.Rounding : Sameness.Different, null, probability, distance, neighbours, sides.Sum(side => side.Recorded.Count), answers);
    }

    private static string? OtherQuestions(FoldEvaluation recorded, FoldEvaluation again, (QuerySet Recorded, QuerySet Again)[] sides) =>
        recorded.Fold != again.Fold || recorded.Classes != again.Classes ? "the recorded evaluation is of another fold or of other classes"
        : sides.Any(side => !side.Recorded.Utterance.SequenceEqual(side.Again.Utterance)) ? "the recorded evaluation asks other utterances"
        : sides.Any(side => !side.Recorded.Truth.SequenceEqual(side.Again.Truth)) ? "the recorded evaluation has other true classes"
        : sides.Any(side => !side.Recorded.NeighbourUtterance.Select(row => row.Length).SequenceEqual(side.Again.NeighbourUtterance.Select(row => row.Length))) ? "the recorded evaluation keeps another number of neighbours"
        : null;

    private static double Largest(double[][] recorded, double[][] again) =>
        recorded.SelectMany(row => row).Zip(again.SelectMany(row => row), (a, b) => Math.Abs(a - b)).DefaultIfEmpty().Max();

    private static bool SameBits(double[][] recorded, double[][] again) => recorded.Zip(again)
        .All(pair => MemoryMarshal.AsBytes<double>(pair.First).SequenceEqual(MemoryMarshal.AsBytes<double>(pair.Second)));
}

/// <summary>The test queries' answers by one inference, recorded and made again.</summary>
/// <param name="Inference">A name of <see cref="RowKinds"/>.</param>
/// <param name="Recorded">What was chosen on the recorded validation queries; null for the model.</param>
/// <param name="Again">What is chosen on those made again.</param>
/// <param name="Differing">Test queries with another answer.</param>
/// <param name="RecordedScores">Confusion of the recorded answers.</param>
/// <param name="AgainScores">Confusion of those made again.</param>
public sealed record AnswerComparison(string Inference, Chosen? Recorded, Chosen? Again, int Differing, Confusion RecordedScores, Confusion AgainScores)
{
    /// <summary>Whether every answer is the same, and k, temperature and (to the tolerance) α.</summary>
    public bool Same => Differing == 0 && Recorded?.K == Again?.K && Recorded?.TemperatureFactor == Again?.TemperatureFactor
        && Math.Abs((Recorded?.Alpha ?? 0) - (Again?.Alpha ?? 0)) <= FoldComparison.Tolerance;

    internal static AnswerComparison OfModel(FoldEvaluation recorded, FoldEvaluation again) =>
        Of(RowKinds.Model, null, null, recorded, again, fold => fold.Test.Probabilities, fold => fold.Test.Probabilities);

    internal static AnswerComparison OfBoth(FoldEvaluation recorded, FoldEvaluation again, string weighting, RetrievalSettings retrieval)
    {
        Chosen Choose(FoldEvaluation fold) => Selector.Choose([Asked.Validation(fold)], fold.Classes, weighting, retrieval);
        var (then, now) = (Choose(recorded), Choose(again));
        return Of(RowKinds.Both, then, now, recorded, again, fold => then.Probabilities(Asked.Test(fold)), fold => now.Probabilities(Asked.Test(fold)));
    }

    private static AnswerComparison Of(
        string inference, Chosen? then, Chosen? now, FoldEvaluation recorded, FoldEvaluation again, Func<FoldEvaluation, double[][]> recordedBy, Func<FoldEvaluation, double[][]> againBy)
    {
        int[] first = Array.ConvertAll(recordedBy(recorded), p => Interpolation.Winner(p)), second = Array.ConvertAll(againBy(again), p => Interpolation.Winner(p));
        return new AnswerComparison(
            inference, then, now, first.Zip(second).Count(pair => pair.First != pair.Second),
            Confusion.Of(recorded.Test.Truth, first, recorded.Classes), Confusion.Of(again.Test.Truth, second, again.Classes));
    }
}
