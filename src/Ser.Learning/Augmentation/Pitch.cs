using Ser.Audio;

namespace Ser.Learning.Augmentation;

/// <summary>
/// Pitch shift as torchaudio.functional.pitch_shift: stretch by a phase vocoder (512-point Hann frames every 128 samples, centred, reflected at the
/// ends), then resample back to the length.
/// </summary>
public static class Pitch
{
    private const int SampleRate = 16_000;
    private const int Frame = 512;
    private const int Hop = Frame / 4;
    private const int Bins = (Frame / 2) + 1;
    private static readonly double[] Window = [.. Enumerable.Range(0, Frame).Select(i => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / Frame)))];

    /// <summary>x [samples] at 16 kHz with every frequency times 2^(semitones/12), of equal length.</summary>
    public static double[] Shift(double[] x, double semitones)
    {
        if (x.Length == 0)
        {
            return [];
        }

        double rate = Math.Pow(2, -semitones / 12);
        double[] stretched = Stretch(x, rate, (int)Math.Round(x.Length / rate));
        double[] shifted = new Resampler((int)(SampleRate / rate), SampleRate).Apply<double>(stretched);
        Array.Resize(ref shifted, x.Length);
        return shifted;
    }

    private static double[] Stretch(double[] x, double rate, int length)
    {
        var (magnitude, angle) = Analyse(x);
        int frames = (int)Math.Ceiling(magnitude.Length / rate);
        var phase = (double[])angle[0].Clone();
        double[] silence = new double[Bins], block = new double[Frame], re = new double[Bins], im = new double[Bins];
        int whole = Frame + (Hop * (frames - 1));
        double[] sum = new double[whole], weight = new double[whole];
        for (int f = 0; f < frames; f++)
        {
            double time = f * rate;
            int before = (int)time;
            double share = time - before;
            double[] m0 = At(magnitude, before), m1 = At(magnitude, before + 1), a0 = At(angle, before), a1 = At(angle, before + 1);
            for (int k = 0; k < Bins; k++)
            {
                var (s, c) = Math.SinCos(phase[k]);
                double size = (share * m1[k]) + ((1 - share) * m0[k]);
                (re[k], im[k]) = (size * c, size * s);

                // What the phase advanced beyond the bin's own frequency, wrapped to ±π.
                double advance = Math.PI * Hop * k / (Bins - 1);
                double extra = a1[k] - a0[k] - advance;
                phase[k] += advance + extra - (2 * Math.PI * Math.Round(extra / (2 * Math.PI)));
            }

            Fft.Of(Frame).Inverse(re, im, block);
            for (int i = 0; i < Frame; i++)
            {
                sum[(f * Hop) + i] += block[i] * Window[i];
                weight[(f * Hop) + i] += Window[i] * Window[i];
            }
        }

        var y = new double[length];
        for (int i = 0; i < Math.Min(length, whole - (Frame / 2)); i++)
        {
            double w = weight[i + (Frame / 2)];
            y[i] = w > 1e-11 ? sum[i + (Frame / 2)] / w : 0;
        }

        return y;

        double[] At(double[][] spectrum, int frame) => frame < spectrum.Length ? spectrum[frame] : silence;
    }

    /// <summary>Short-time spectrum: magnitudes and angles, [frames][bins].</summary>
    private static (double[][] Magnitude, double[][] Angle) Analyse(double[] x)
    {
        int frames = 1 + (x.Length / Hop);
        double[][] magnitude = new double[frames][], angle = new double[frames][];
        double[] block = new double[Frame], re = new double[Bins], im = new double[Bins];
        for (int f = 0; f < frames; f++)
        {
            for (int i = 0; i < Frame; i++)
            {
                block[i] = x[Reflect((f * Hop) + i - (Frame / 2), x.Length)] * Window[i];
            }

            Fft.Of(Frame).Forward(block, re, im);
            magnitude[f] = new double[Bins];
            angle[f] = new double[Bins];
            for (int k = 0; k < Bins; k++)
            {
                magnitude[f][k] = Math.Sqrt((re[k] * re[k]) + (im[k] * im[k]));
                angle[f][k] = Math.Atan2(im[k], re[k]);
            }
        }

        return (magnitude, angle);
    }

    // Mirrored at the first and the last sample, as often as a short signal needs.
    private static int Reflect(int i, int length)
    {
        if (length == 1)
        {
            return 0;
        }

        int period = 2 * (length - 1);
        int folded = ((i % period) + period) % period;
        return Math.Min(folded, period - folded);
    }
}
