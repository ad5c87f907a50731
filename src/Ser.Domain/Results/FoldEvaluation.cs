namespace Ser.Domain.Results;

/// <summary>
/// Result of the Evaluate stage for one fold of one fine-tuned model: predictions and neighbours, from which results for any k and α are
/// computed.
/// </summary>
/// <param name="Fold">Number of the fold, from 1.</param>
/// <param name="TestSpeakers">Speakers of the test split.</param>
/// <param name="ValidationSpeakers">Speakers of the validation split.</param>
/// <param name="Classes">Number of classes.</param>
/// <param name="MedianDistance">Median distance of the validation queries to their neighbours: the unit of softmax temperatures.</param>
/// <param name="Validation">Validation queries, whose neighbours are training rows only. Used for choosing parameters.</param>
/// <param name="Test">Test queries, whose neighbours are training and validation rows. Used for the reported results.</param>
public sealed record FoldEvaluation(
    int Fold,
    IReadOnlyList<string> TestSpeakers,
    IReadOnlyList<string> ValidationSpeakers,
    int Classes,
    double MedianDistance,
    QuerySet Validation,
    QuerySet Test);

/// <summary>
/// Queries with the model's predictions and the nearest rows of the datastore. Arrays have one entry per query, in corpus order.
/// </summary>
/// <param name="Utterance">Index of the utterance in the corpus.</param>
/// <param name="Speaker">Name of the speaker.</param>
/// <param name="Truth">True class.</param>
/// <param name="Probabilities">Shape [queries][classes]: p_model of eq. 4, each row summing to 1.</param>
/// <param name="NeighbourUtterance">
/// Shape [queries][K]: indices of utterances in the corpus, nearest first; ties in datastore order.
/// </param>
/// <param name="NeighbourClass">Shape [queries][K]: class of each neighbour.</param>
/// <param name="NeighbourDistance">Shape [queries][K]: Euclidean distance in double precision.</param>
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
