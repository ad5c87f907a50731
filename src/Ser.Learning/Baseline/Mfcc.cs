using Ser.Audio;
using Ser.Domain.Randomness;

namespace Ser.Learning.Baseline;

/// <summary>
/// Mel-frequency cepstral coefficients (Davis and Mermelstein 1980) at 16 kHz: frames of 25 ms every 10 ms under a periodic Hann window, no pre-emphasis, power spectrum of
/// 512 points, 40 mel filters from 20 Hz to 8 kHz, natural logarithm, the first 20 coefficients of the orthonormal DCT-II. All in double, the same bits on every thread.
/// </summary>
internal static class Mfcc
{
    /// <summary>Coefficients of a frame, the 0th (the level) included.</summary>
    internal const int Coefficients = 20;

    private const int Window = Preprocess.SampleRate / 40;
    private const int Hop = Preprocess.SampleRate / 100;
    private const int Length = 512;
    private const int Bands = 40;

    // Of a filter's power, at full scale 1: about what rounding to 16 bits leaves in one bin of the spectrum (150 / 12 · 2^-30).
    private const double Floor = 1e-8;

    private static readonly MelFilters Filters = new(Bands, 20, Preprocess.SampleRate / 2, Length, Preprocess.SampleRate);
    private static readonly double[] Hann = [.. Enumerable.Range(0, Window).Select(i => 0.5 - (0.5 * Exact.CosTurns((double)i / Window)))];
    private static readonly double[][] Dct = [.. Enumerable.Range(0, Coefficients).Select(Cosine)];

    /// <summary>A waveform to its frames: coefficients [frames][20] and power in all filters [frames]. A waveform shorter than a frame is padded with zeros to one.</summary>
    internal static (double[][] Cepstra, double[] Power) Of(float[] waveform)
    {
        int frames = 1 + (Math.Max(0, waveform.Length - Window) / Hop);
        double[][] cepstra = new double[frames][];
        double[] power = new double[frames], block = new double[Length], re = new double[(Length / 2) + 1], im = new double[(Length / 2) + 1], bands = new double[Bands];
        for (int frame = 0; frame < frames; frame++)
        {
            Array.Clear(block);
            int samples = Math.Min(Window, waveform.Length - (frame * Hop));
            for (int i = 0; i < samples; i++)
            {
                block[i] = Hann[i] * waveform[(frame * Hop) + i];
            }

            Fft.Of(Length).Forward(block, re, im);
            for (int bin = 0; bin < re.Length; bin++)
            {
                re[bin] = (re[bin] * re[bin]) + (im[bin] * im[bin]);
            }

            Filters.Apply(re, bands);
            power[frame] = bands.Sum();
            double[] logarithms = Array.ConvertAll(bands, band => Exact.Log(Math.Max(band, Floor)));
            cepstra[frame] = Array.ConvertAll(Dct, row => Product(row, logarithms));
        }

        return (cepstra, power);
    }

    // √(2/N) cos(π k (2n + 1) / 2N), the 0th over √2: the rows are orthonormal.
    private static double[] Cosine(int k) =>
        [.. Enumerable.Range(0, Bands).Select(n => Math.Sqrt((k == 0 ? 1.0 : 2.0) / Bands) * Exact.CosTurns(k * ((2 * n) + 1) / (4.0 * Bands)))];

    private static double Product(double[] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }
}
