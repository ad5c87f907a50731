using Ser.Domain.Randomness;

namespace Ser.Audio.Synthesis;

/// <summary>A synthetic speaker: base F0 in Hz, formants as a factor (a shorter vocal tract raises them), habitual tempo, level in dB and tilt.</summary>
internal sealed record Voice(string Name, double F0, double Formants, double Tempo, double Level, double Tilt)
{
    /// <summary>A woman and a man in each of five sessions, in IEMOCAP's order: Syn01F, Syn01M, Syn02F, ...</summary>
    internal static IReadOnlyList<Voice> All(long seed) =>
        [.. from session in Enumerable.Range(1, 5) from woman in new[] { true, false } select One(seed, session, woman)];

    private static Voice One(long seed, int session, bool woman)
    {
        var draw = new Draw(seed, 0, (2 * session) + (woman ? 0 : 1), "synthetic voice");
        return new Voice(
            $"Syn{session:00}{(woman ? 'F' : 'M')}",
            (woman ? 205 : 115) * Exact.Exp(0.08 * draw.Uniform(-1, 1)),
            (woman ? 1.14 : 1) * (1 + (0.05 * draw.Uniform(-1, 1))),
            Exact.Exp(0.07 * draw.Uniform(-1, 1)),
            draw.Uniform(-2, 2),
            draw.Uniform(-0.05, 0.05));
    }
}
