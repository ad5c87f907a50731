namespace Ser.Domain.Corpora;

/// <summary>A recording of a corpus that is used in an experiment.</summary>
/// <param name="Name">Name in the corpus, unique within it.</param>
/// <param name="Speaker">Name of the speaker in the corpus.</param>
/// <param name="Session">Recording session, if the corpus has sessions.</param>
/// <param name="Class">Index into <see cref="Corpus.Classes"/>.</param>
/// <param name="Path">Path of the audio file.</param>
/// <param name="Sha256">Lower-case hex digest of the audio file.</param>
/// <param name="SampleRate">Sample rate of the file in hertz.</param>
/// <param name="Frames">Number of samples per channel in the file.</param>
public sealed record Utterance(
    string Name,
    string Speaker,
    string? Session,
    int Class,
    string Path,
    string Sha256,
    int SampleRate,
    long Frames)
{
    /// <summary>Duration of the file in seconds.</summary>
    public double Seconds => (double)Frames / SampleRate;
}
