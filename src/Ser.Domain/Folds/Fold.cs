namespace Ser.Domain.Folds;

/// <summary>A fold of cross-validation. Every speaker belongs to exactly one of its three splits.</summary>
/// <param name="Number">From 1.</param>
/// <param name="TestSpeakers">Speakers of the test split.</param>
/// <param name="ValidationSpeakers">Speakers of the validation split, on which epoch, k and α are chosen.</param>
/// <param name="TrainSpeakers">All other speakers.</param>
/// <param name="Test">Indices of utterances in the corpus, ascending.</param>
/// <param name="Validation">Indices of utterances in the corpus, ascending.</param>
/// <param name="Train">Indices of utterances in the corpus, ascending.</param>
public sealed record Fold(
    int Number,
    IReadOnlyList<string> TestSpeakers,
    IReadOnlyList<string> ValidationSpeakers,
    IReadOnlyList<string> TrainSpeakers,
    IReadOnlyList<int> Test,
    IReadOnlyList<int> Validation,
    IReadOnlyList<int> Train);
