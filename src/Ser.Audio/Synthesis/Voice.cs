using Ser.Domain.Randomness;

namespace Ser.Audio.Synthesis;

/// <summary>A synthetic speaker.</summary>
/// <param name="Name">As in Syn01F.</param>
/// <param name="F0">Base F0 in Hz.</param>
/// <param name="Formants">A factor of the formants, which a shorter vocal tract raises.</param>
/// <param name="Tempo">A factor of the tempo.</param>
/// <param name="Level">In dB.</param>
/// <param name="Tilt">Spectral tilt, added to that of the emotion.</param>
internal sealed record Voice(string Name, double F0, double Formants, double Tempo, double Level, double Tilt)
{
    /// <summary>A woman and a man in each of five sessions, in the order Syn01F, Syn01M, Syn02F, ...</summary>
    internal static IReadOnlyList<Voice> All(long seed) =>
        [.. from session in Enumerable.Range(1, 5) from woman in new[] { true, false } select Create(seed, session, woman)];

    private static Voice Create(long seed, int session, bool woman)
    {
        var random = new RandomStream(seed, 0, (2 * session) + (woman ? 0 : 1), "synthetic voice");
        return new Voice(
            $"Syn{session:00}{(woman ? 'F' : 'M')}",
            (woman ? 205 : 115) * PortableMath.Exp(0.08 * random.NextUniform(-1, 1)),
            (woman ? 1.14 : 1) * (1 + (0.05 * random.NextUniform(-1, 1))),
            PortableMath.Exp(0.07 * random.NextUniform(-1, 1)),
            random.NextUniform(-2, 2),
            random.NextUniform(-0.05, 0.05));
    }
}
