namespace Ser.Domain.Folds;

/// <summary>One turn of cross-validation: whole speakers on each of three sides.</summary>
/// <param name="Number">From 1.</param>
/// <param name="TestSpeakers">Speakers of the answer.</param>
/// <param name="ValidationSpeakers">Speakers of every choice: epoch, k, α.</param>
/// <param name="TrainSpeakers">Everybody else.</param>
/// <param name="Test">Indices into the corpus, ascending.</param>
/// <param name="Validation">Indices into the corpus, ascending.</param>
/// <param name="Train">Indices into the corpus, ascending.</param>
public sealed record Fold(
    int Number,
    IReadOnlyList<string> TestSpeakers,
    IReadOnlyList<string> ValidationSpeakers,
    IReadOnlyList<string> TrainSpeakers,
    IReadOnlyList<int> Test,
    IReadOnlyList<int> Validation,
    IReadOnlyList<int> Train);
