namespace Ser.Domain.Corpora;

/// <summary>One recording of a corpus that takes part in an experiment.</summary>
/// <param name="Name">Unique within the corpus, as the corpus itself names it.</param>
/// <param name="Speaker">Who speaks, as the corpus names speakers.</param>
/// <param name="Session">The recording session, where the corpus has sessions.</param>
/// <param name="Class">Index into <see cref="Corpus.Classes"/>.</param>
/// <param name="Path">Where the audio is.</param>
/// <param name="Sha256">Lower-case hex digest of the audio file.</param>
/// <param name="SampleRate">Hertz, as recorded.</param>
/// <param name="Frames">Samples per channel, as recorded.</param>
public sealed record Utterance(string Name, string Speaker, string? Session, int Class, string Path, string Sha256, int SampleRate, long Frames)
{
    /// <summary>Length in seconds, before any cut.</summary>
    public double Seconds => (double)Frames / SampleRate;
}
