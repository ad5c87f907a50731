using Ser.Domain.Randomness;

namespace Ser.Audio.Synthesis;

/// <summary>
/// Source-filter synthesis: Rosenberg glottal pulses with jitter, tilted by a one-pole low-pass, pass through four formants that glide from
/// vowel to vowel. Fricatives are bursts of noise. Only exactly rounded arithmetic is used, so that samples have the same bits on every
/// platform.
/// </summary>
internal static class SpeechSynthesis
{
    private const int Rate = SyntheticCorpus.SampleRate;
    private const int ControlPeriod = 80; // samples between updates of the filters, 5 ms

    // F1 to F4 in Hz of a man's a, e, i, o, u (after Peterson and Barney 1952).
    private static readonly double[][] Vowels =
    [
        [730, 1090, 2440, 3400],
        [530, 1840, 2480, 3500],
        [270, 2290, 3010, 3600],
        [570, 840, 2410, 3300],
        [300, 870, 2240, 3300],
    ];

    private static readonly double[] Bandwidths = [70, 100, 140, 200];

    /// <summary>One syllable.</summary>
    /// <param name="Start">The first sample.</param>
    /// <param name="End">The sample after the last.</param>
    /// <param name="Fricative">Length of the fricative at its beginning, in samples; 0: none.</param>
    /// <param name="Vowel">Formants of the vowel in Hz.</param>
    /// <param name="Accent">Height of the pitch accent, in units of the emotion's range.</param>
    /// <param name="Stress">A factor of the amplitude.</param>
    private sealed record Syllable(int Start, int End, int Fricative, double[] Vowel, double Accent, double Stress);

    /// <summary>Synthesises 0.8 to 1.6 s at 16 kHz, full scale at ±1.</summary>
    internal static double[] Synthesise(Voice voice, Emotion emotion, RandomStream random)
    {
        double tempo = voice.Tempo * emotion.Tempo;
        int length = (int)(Rate * Math.Clamp(1.15 / tempo * PortableMath.Exp(0.1 * random.NextNormal()), 0.8, 1.6));
        var syllables = DrawSyllables(length, 4.4 * tempo, random);
        double smooth = 0.15 + (0.75 * Math.Clamp(emotion.Tilt + voice.Tilt, 0, 1));
        var formants = new Resonator[4];
        var hiss = new Resonator();
        hiss.Tune(4800 * voice.Formants, 1500);
        double phase = 0, period = 1, tilted = 0, aspiration = 0.01 + (0.03 * emotion.Tilt);
        double[] now = [.. syllables[0].Vowel];
        var y = new double[length];
        double pitch = 0, loud = 0;
        bool voiced = false;
        int s = 0;
        for (int i = 0; i < length; i++)
        {
            if (i % ControlPeriod == 0)
            {
                while (s < syllables.Count - 1 && i >= syllables[s].End)
                {
                    s++;
                }

                var syllable = syllables[s];
                double along = (double)i / length;
                double within = (double)(i - syllable.Start) / (syllable.End - syllable.Start);
                double contour = (emotion.Slope * (along - 0.5))
                    + (emotion.Arch * PortableMath.SinTurns(along / 2))
                    + (syllable.Accent * PortableMath.SinTurns(Math.Clamp(within, 0, 1) / 2));
                pitch = voice.F0 * PortableMath.Exp((emotion.F0 + (emotion.Range * contour)) / 12 * 0.69314718055994530942);
                loud = syllable.Stress * (0.15 + PortableMath.SinTurns(Math.Clamp(within, 0, 1) / 2));
                voiced = i >= syllable.Start + syllable.Fricative;
                for (int f = 0; f < formants.Length; f++)
                {
                    now[f] += 0.25 * (syllable.Vowel[f] - now[f]); // a glide of about 20 ms
                    formants[f].Tune(Math.Min(now[f] * voice.Formants, 7000), Bandwidths[f]);
                }
            }

            phase += pitch * period / Rate;
            if (phase >= 1)
            {
                phase -= 1;
                period = 1 + (emotion.Jitter * random.NextNormal());
            }

            double open = phase / 0.6;
            double noise = random.NextUniform(-1, 1);
            double pulse = open < 1 ? (2 * open) - (3 * open * open) : 0; // derivative of u² - u³
            tilted += (1 - smooth) * (pulse + (aspiration * noise) - tilted);
            double sample = voiced ? tilted : 0;
            for (int f = 0; f < formants.Length; f++)
            {
                sample = formants[f].Next(sample);
            }

            y[i] = (loud * sample) + (hiss.Next(voiced ? 0 : noise) * 0.03 * syllables[s].Stress);
        }

        return Levelled(y, voice.Level + emotion.Level - 26);
    }

    private static List<Syllable> DrawSyllables(int length, double perSecond, RandomStream random)
    {
        var syllables = new List<Syllable>();
        for (int start = 0; start < length;)
        {
            int span = (int)(Rate / perSecond * PortableMath.Exp(0.2 * random.NextNormal()));
            int fricative = random.NextInt(5) < 2 ? (int)(span * random.NextUniform(0.2, 0.35)) : 0;
            double[] vowel = Vowels[random.NextInt(Vowels.Length)];
            syllables.Add(new Syllable(start, start + span, fricative, vowel, 0.5 * random.NextNormal(), random.NextUniform(0.6, 1)));
            start += span;
        }

        return syllables;
    }

    // Scales to a root mean square in dB relative to full scale, and clips peaks.
    private static double[] Levelled(double[] y, double decibels)
    {
        double energy = 0;
        foreach (double sample in y)
        {
            energy += sample * sample;
        }

        double gain = PortableMath.Exp(decibels / 20 * 2.302585092994045684) / Math.Sqrt((energy / y.Length) + 1e-20);
        return Array.ConvertAll(y, sample => Math.Clamp(sample * gain, -0.999, 0.999));
    }
}
