using Ser.Domain.Randomness;

namespace Ser.Audio.Synthesis;

/// <summary>
/// The prosody of an emotion, relative to the speaker's neutral voice.
/// </summary>
/// <param name="Label">The label, as in IEMOCAP.</param>
/// <param name="F0">Mean F0 in semitones.</param>
/// <param name="Range">Range of F0 in semitones.</param>
/// <param name="Tempo">A factor.</param>
/// <param name="Level">In dB.</param>
/// <param name="Tilt">Spectral tilt, from 0 (bright) to 1 (dull).</param>
/// <param name="Jitter">Relative standard deviation of the glottal periods.</param>
/// <param name="Slope">Slope of the pitch contour over the utterance.</param>
/// <param name="Arch">Height of the arch of the pitch contour in the middle of the utterance.</param>
internal sealed record Emotion(
    string Label, double F0, double Range, double Tempo, double Level, double Tilt, double Jitter, double Slope, double Arch)
{
    /// <summary>Angry, happy, sad and neutral.</summary>
    internal static readonly IReadOnlyList<Emotion> All =
    [
        new("ang", F0: 5.5, Range: 3.4, Tempo: 1.22, Level: 5, Tilt: 0.08, Jitter: 0.04, Slope: -0.8, Arch: 0.2),
        new("hap", F0: 7.5, Range: 5.5, Tempo: 1.1, Level: 2, Tilt: 0.38, Jitter: 0.006, Slope: 0.5, Arch: 0.8),
        new("sad", F0: -2.5, Range: 0.8, Tempo: 0.78, Level: -5, Tilt: 0.88, Jitter: 0.016, Slope: -0.5, Arch: 0),
        new("neu", F0: 0, Range: 2.0, Tempo: 1, Level: 0, Tilt: 0.62, Jitter: 0.006, Slope: -0.4, Arch: 0.2),
    ];

    /// <summary>Varies the prosody for one utterance, so that classes overlap as those of people do.</summary>
    internal Emotion Varied(RandomStream random) => this with
    {
        F0 = F0 + (0.8 * random.NextNormal()),
        Range = Range * PortableMath.Exp(0.2 * random.NextNormal()),
        Tempo = Tempo * PortableMath.Exp(0.06 * random.NextNormal()),
        Level = Level + (2.5 * random.NextNormal()),
        Tilt = Math.Clamp(Tilt + (0.05 * random.NextNormal()), 0.02, 0.95),
        Jitter = Jitter * PortableMath.Exp(0.3 * random.NextNormal()),
        Slope = Slope + (0.5 * random.NextNormal()),
        Arch = Arch + (0.4 * random.NextNormal()),
    };
}
