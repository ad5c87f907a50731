using Ser.Audio;

namespace Ser.Learning.Augmentation;

/// <summary>
/// Pitch shift as in torchaudio.functional.pitch_shift. A phase vocoder stretches the signal (512-point Hann frames every 128 samples,
/// centred, reflected at the ends), and resampling brings it back to its length.
/// </summary>
public static class Pitch
{
    private const int SampleRate = 16_000;
    private const int Frame = 512;
    private const int Hop = Frame / 4;
    private const int Bins = (Frame / 2) + 1;
    private static readonly double[] Window = [.. Enumerable.Range(0, Frame).Select(Hann)];

    /// <summary>Multiplies every frequency of x [samples] at 16 kHz by 2^(semitones/12). The length stays the same.</summary>
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
        var fft = Fft.ForLength(Frame);
        for (int f = 0; f < frames; f++)
        {
            double time = f * rate;
            int before = (int)time;
            double share = time - before;
            double[] m0 = FrameAt(magnitude, before), m1 = FrameAt(magnitude, before + 1);
            double[] a0 = FrameAt(angle, before), a1 = FrameAt(angle, before + 1);
            for (int k = 0; k < Bins; k++)
            {
                var (s, c) = Math.SinCos(phase[k]);
                double size = (share * m1[k]) + ((1 - share) * m0[k]);
                (re[k], im[k]) = (size * c, size * s);

                // The advance of the phase beyond that of the bin's centre frequency, wrapped to ±π.
                double advance = Math.PI * Hop * k / (Bins - 1);
                double extra = a1[k] - a0[k] - advance;
                phase[k] += advance + extra - (2 * Math.PI * Math.Round(extra / (2 * Math.PI)));
            }

            fft.Inverse(re, im, block);
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

        double[] FrameAt(double[][] spectrum, int frame) => frame < spectrum.Length ? spectrum[frame] : silence;
    }

    private static double Hann(int i) => 0.5 - (0.5 * Math.Cos(2 * Math.PI * i / Frame));

    /// <summary>Computes the short-time spectrum.</summary>
    private static Spectrum Analyse(double[] x)
    {
        int frames = 1 + (x.Length / Hop);
        double[][] magnitude = new double[frames][], angle = new double[frames][];
        double[] block = new double[Frame], re = new double[Bins], im = new double[Bins];
        var fft = Fft.ForLength(Frame);
        for (int f = 0; f < frames; f++)
        {
            for (int i = 0; i < Frame; i++)
            {
                block[i] = x[Reflect((f * Hop) + i - (Frame / 2), x.Length)] * Window[i];
            }

            fft.Forward(block, re, im);
            magnitude[f] = new double[Bins];
            angle[f] = new double[Bins];
            for (int k = 0; k < Bins; k++)
            {
                magnitude[f][k] = Math.Sqrt((re[k] * re[k]) + (im[k] * im[k]));
                angle[f][k] = Math.Atan2(im[k], re[k]);
            }
        }

        return new Spectrum(magnitude, angle);
    }

    // Mirrors an index at the first and the last sample, repeatedly where the signal is short.
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

    // Magnitudes and angles, [frames][bins] each.
    private sealed record Spectrum(double[][] Magnitude, double[][] Angle);
}
