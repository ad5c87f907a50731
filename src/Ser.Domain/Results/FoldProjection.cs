namespace Ser.Domain.Results;

/// <summary>
/// Result of the Project stage for one fold of one fine-tuned model: two-dimensional projections of the embeddings, and the separation
/// of the classes. Arrays have one entry per utterance, in corpus order.
/// </summary>
/// <param name="Fold">Number of the fold, from 1.</param>
/// <param name="Utterance">Index of the utterance in the corpus.</param>
/// <param name="Side">Split of the utterance: train, validation or test.</param>
/// <param name="Class">True class.</param>
/// <param name="Embedding">Separation of the embeddings of all splits, before projection.</param>
/// <param name="Test">Separation of the embeddings of the test split, on which the model was not trained.</param>
/// <param name="Pca">The first two principal components; null if not requested.</param>
/// <param name="Tsne">t-SNE; null if not requested.</param>
public sealed record FoldProjection(
    int Fold,
    IReadOnlyList<int> Utterance,
    IReadOnlyList<string> Side,
    IReadOnlyList<int> Class,
    Separation Embedding,
    Separation Test,
    PcaMap? Pca,
    TsneMap? Tsne);

/// <summary>
/// Separation of classes by Euclidean distance. A value is null if it is undefined for so few utterances or classes.
/// </summary>
/// <param name="Utterances">Number of utterances.</param>
/// <param name="Silhouette">Mean silhouette, from -1 to 1.</param>
/// <param name="SilhouetteByClass">Mean silhouette of each class.</param>
/// <param name="Purity">Share of the nearest <paramref name="Neighbours"/> other utterances that have the same class.</param>
/// <param name="Neighbours">Number of neighbours for <paramref name="Purity"/>.</param>
/// <param name="Intra">Mean distance between two utterances of the same class.</param>
/// <param name="Inter">Mean distance between two utterances of different classes.</param>
public sealed record Separation(
    int Utterances,
    double? Silhouette,
    IReadOnlyList<double?> SilhouetteByClass,
    double? Purity,
    int Neighbours,
    double? Intra,
    double? Inter);

/// <summary>Projection onto the first two principal components.</summary>
/// <param name="X">Coordinates along the first component.</param>
/// <param name="Y">Coordinates along the second component.</param>
/// <param name="VarianceRatio">Share of the variance along each of the first components, at most ten.</param>
/// <param name="Trustworthiness">
/// Degree to which neighbours on the map are neighbours in the embedding space, for <see cref="TsneMap.TrustworthinessNeighbours"/>
/// neighbours; null for too few utterances.
/// </param>
/// <param name="Separation">Separation of the classes on the map.</param>
public sealed record PcaMap(
    IReadOnlyList<double> X,
    IReadOnlyList<double> Y,
    IReadOnlyList<double> VarianceRatio,
    double? Trustworthiness,
    Separation Separation);

/// <summary>Projection by t-SNE.</summary>
/// <param name="X">First coordinates.</param>
/// <param name="Y">Second coordinates.</param>
/// <param name="Divergence">KL(P‖Q) in nats.</param>
/// <param name="PerplexityAsked">Perplexity of the experiment.</param>
/// <param name="Perplexity">Perplexity that was used: at most a third of the number of other utterances.</param>
/// <param name="Iterations">Number of gradient descent iterations.</param>
/// <param name="Trustworthiness">As in <see cref="PcaMap"/>.</param>
/// <param name="Separation">Separation of the classes on the map.</param>
public sealed record TsneMap(
    IReadOnlyList<double> X,
    IReadOnlyList<double> Y,
    double Divergence,
    double PerplexityAsked,
    double Perplexity,
    int Iterations,
    double? Trustworthiness,
    Separation Separation)
{
    /// <summary>Number of neighbours for which trustworthiness is computed.</summary>
    public const int TrustworthinessNeighbours = 12;
}
