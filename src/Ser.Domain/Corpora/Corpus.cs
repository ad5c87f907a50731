namespace Ser.Domain.Corpora;

/// <summary>A checked corpus: every utterance readable, every label mapped to a class. Immutable, in a fixed order.</summary>
/// <param name="Kind">iemocap, emodb, csv or synthetic.</param>
/// <param name="Path">Where it was read from.</param>
/// <param name="Digest">SHA-256 over the classes and, in order, each utterance's name, speaker, session, class and audio digest.</param>
/// <param name="Classes">Class names, in the order of the confusion matrix.</param>
/// <param name="Utterances">In the order in which folds and artifacts refer to them.</param>
/// <param name="Speakers">In the order of the folds.</param>
/// <param name="LeftOut">Utterances whose label no class names, counted by label.</param>
public sealed record Corpus(
    string Kind,
    string Path,
    string Digest,
    IReadOnlyList<string> Classes,
    IReadOnlyList<Utterance> Utterances,
    IReadOnlyList<Speaker> Speakers,
    IReadOnlyDictionary<string, int> LeftOut);

/// <summary>One speaker of a corpus.</summary>
/// <param name="Name">As the corpus names the speaker.</param>
/// <param name="Session">The session, where the corpus has sessions.</param>
/// <param name="Counts">Utterances by class, in the order of <see cref="Corpus.Classes"/>.</param>
public sealed record Speaker(string Name, string? Session, IReadOnlyList<int> Counts);
