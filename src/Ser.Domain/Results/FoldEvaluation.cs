namespace Ser.Domain.Results;

/// <summary>What the Evaluate stage leaves for one fold of one fine-tuned model: enough for any k, α and selection.</summary>
/// <param name="Fold">Number, from 1.</param>
/// <param name="TestSpeakers">Speakers of the test side.</param>
/// <param name="ValidationSpeakers">Speakers of the validation side.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="MedianDistance">Median distance of the validation queries to their neighbours: the unit of softmax temperatures.</param>
/// <param name="Validation">Validation queries against training rows only: for choosing.</param>
/// <param name="Test">Test queries against training and validation rows: for the answer.</param>
public sealed record FoldEvaluation(
    int Fold,
    IReadOnlyList<string> TestSpeakers,
    IReadOnlyList<string> ValidationSpeakers,
    int Classes,
    double MedianDistance,
    QuerySet Validation,
    QuerySet Test);

/// <summary>Queries with the model's answer and the nearest stored rows. Arrays have one entry per query, in corpus order.</summary>
/// <param name="Utterance">Index into the corpus.</param>
/// <param name="Speaker">Who speaks.</param>
/// <param name="Truth">True class.</param>
/// <param name="Probabilities">[queries][classes], p_model of eq. 4, summing to 1.</param>
/// <param name="NeighbourUtterance">[queries][K], indices into the corpus, nearest first; ties by datastore order.</param>
/// <param name="NeighbourClass">[queries][K], class of each neighbour.</param>
/// <param name="NeighbourDistance">[queries][K], Euclidean distance in double.</param>
public sealed record QuerySet(
    IReadOnlyList<int> Utterance,
    IReadOnlyList<string> Speaker,
    IReadOnlyList<int> Truth,
    double[][] Probabilities,
    int[][] NeighbourUtterance,
    int[][] NeighbourClass,
    double[][] NeighbourDistance)
{
    /// <summary>Number of queries.</summary>
    public int Count => Truth.Count;
}
