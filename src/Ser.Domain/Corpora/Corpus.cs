namespace Ser.Domain.Corpora;

/// <summary>A validated corpus: every utterance is readable and every label is mapped to a class. Immutable, in a fixed order.</summary>
/// <param name="Kind">iemocap, emodb, csv or synthetic.</param>
/// <param name="Path">Path from which it was read.</param>
/// <param name="Digest">SHA-256 over the classes and, in order, each utterance's name, speaker, session, class and audio digest.</param>
/// <param name="Classes">Class names, in the order of the confusion matrix.</param>
/// <param name="Utterances">In the order to which the indices of folds and artifacts refer.</param>
/// <param name="Speakers">In the order of the folds.</param>
/// <param name="LeftOut">Number of utterances that no class includes, by label.</param>
public sealed record Corpus(
    string Kind,
    string Path,
    string Digest,
    IReadOnlyList<string> Classes,
    IReadOnlyList<Utterance> Utterances,
    IReadOnlyList<Speaker> Speakers,
    IReadOnlyDictionary<string, int> LeftOut);

/// <summary>One speaker of a corpus.</summary>
/// <param name="Name">Name in the corpus.</param>
/// <param name="Session">Recording session, if the corpus has sessions.</param>
/// <param name="Counts">Number of utterances by class, in the order of <see cref="Corpus.Classes"/>.</param>
public sealed record Speaker(string Name, string? Session, IReadOnlyList<int> Counts);
