using Ser.Domain.Corpora;

namespace Ser.Corpora;

/// <summary>Lists the recordings of a corpus of one kind from its file names and label files, without opening a recording.</summary>
internal interface ICorpusReader
{
    /// <summary>The labels of this kind.</summary>
    LabelVocabulary Labels { get; }

    /// <summary>Every labelled recording under <paramref name="path"/>, in any order, including duplicates.</summary>
    RecordingList ListRecordings(string path);
}

/// <summary>The recordings that a corpus lists.</summary>
/// <param name="Recordings">In any order; an utterance that the corpus lists twice appears twice.</param>
/// <param name="Problems">Files and lines that could not be parsed.</param>
internal sealed record RecordingList(IReadOnlyList<Recording> Recordings, IReadOnlyList<CorpusProblem> Problems);

/// <summary>One labelled recording as listed.</summary>
/// <param name="Name">As the corpus names it.</param>
/// <param name="Label">As the corpus labels it.</param>
/// <param name="Speaker">Who speaks.</param>
/// <param name="Session">The recording session, or null.</param>
/// <param name="Path">Where the audio should be.</param>
/// <param name="Where">Where it is listed: the file, with a line where there is one.</param>
internal sealed record Recording(string Name, string Label, string Speaker, string? Session, string Path, string Where);
