namespace Ser.Domain.Results;

/// <summary>What the Project stage leaves for one fold of one fine-tuned model: embeddings in the plane, and how far classes stand apart. Arrays have one entry per utterance, in corpus order.</summary>
/// <param name="Fold">Number, from 1.</param>
/// <param name="Utterance">Index into the corpus.</param>
/// <param name="Side">train, validation or test.</param>
/// <param name="Class">True class.</param>
/// <param name="Embedding">Of the embeddings themselves, all sides.</param>
/// <param name="Test">Of the test side's embeddings alone: what the model was not trained on.</param>
/// <param name="Pca">The first two principal components; null where it was not asked for.</param>
/// <param name="Tsne">t-SNE; null where it was not asked for.</param>
public sealed record FoldProjection(
    int Fold,
    IReadOnlyList<int> Utterance,
    IReadOnlyList<string> Side,
    IReadOnlyList<int> Class,
    Separation Embedding,
    Separation Test,
    PcaMap? Pca,
    TsneMap? Tsne);

/// <summary>How far classes stand apart, by Euclidean distances; null is what is not defined for so few utterances or classes.</summary>
/// <param name="Utterances">Utterances that were measured.</param>
/// <param name="Silhouette">Mean silhouette, between -1 and 1.</param>
/// <param name="SilhouetteByClass">The same for each class.</param>
/// <param name="Purity">Share of the nearest <paramref name="Neighbours"/> others that are of the same class.</param>
/// <param name="Neighbours">Neighbours of <paramref name="Purity"/>.</param>
/// <param name="Intra">Mean distance of two utterances of one class.</param>
/// <param name="Inter">Mean distance of two utterances of different classes.</param>
public sealed record Separation(
    int Utterances, double? Silhouette, IReadOnlyList<double?> SilhouetteByClass, double? Purity, int Neighbours, double? Intra, double? Inter);

/// <summary>Principal components.</summary>
/// <param name="X">Coordinate along the first.</param>
/// <param name="Y">Coordinate along the second.</param>
/// <param name="VarianceRatio">Share of the variance along each of the first components, ten at most.</param>
/// <param name="Trustworthiness">How far neighbours on the map are neighbours in fact, over <see cref="TsneMap.TrustworthinessNeighbours"/>; null for too few utterances.</param>
/// <param name="Separation">Of classes on the map.</param>
public sealed record PcaMap(
    IReadOnlyList<double> X, IReadOnlyList<double> Y, IReadOnlyList<double> VarianceRatio, double? Trustworthiness, Separation Separation);

/// <summary>t-SNE.</summary>
/// <param name="X">First coordinate.</param>
/// <param name="Y">Second coordinate.</param>
/// <param name="Divergence">KL(P‖Q) in nats.</param>
/// <param name="PerplexityAsked">As the experiment has it.</param>
/// <param name="Perplexity">As it was used: a third of the other utterances where they are fewer than three times what was asked for.</param>
/// <param name="Iterations">Steps of descent.</param>
/// <param name="Trustworthiness">As in <see cref="PcaMap"/>.</param>
/// <param name="Separation">Of classes on the map.</param>
public sealed record TsneMap(
    IReadOnlyList<double> X, IReadOnlyList<double> Y, double Divergence, double PerplexityAsked, double Perplexity, int Iterations,
    double? Trustworthiness, Separation Separation)
{
    /// <summary>Neighbours of every trustworthiness.</summary>
    public const int TrustworthinessNeighbours = 12;
}
