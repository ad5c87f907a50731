using Ser.Audio;
using Ser.Domain.Randomness;

namespace Ser.Learning.Baseline;

/// <summary>
/// Mel-frequency cepstral coefficients (Davis and Mermelstein 1980) at 16 kHz: frames of 25 ms every 10 ms with a periodic Hann window, no
/// pre-emphasis, a power spectrum of 512 points, 40 mel filters from 20 Hz to 8 kHz, natural logarithms, and the first 20 coefficients of
/// the orthonormal DCT-II. Everything is computed in double on one thread, so that results always have the same bits.
/// </summary>
internal static class Mfcc
{
    /// <summary>Number of coefficients of a frame, including the 0th (the level).</summary>
    internal const int Coefficients = 20;

    private const int Window = Preprocess.SampleRate / 40;
    private const int Hop = Preprocess.SampleRate / 100;
    private const int Length = 512;
    private const int Bands = 40;

    // Lower bound for the power in a filter, at full scale 1: about the power of 16-bit rounding noise in one bin (150 / 12 · 2^-30).
    private const double Floor = 1e-8;

    private static readonly MelFilters Filters = new(Bands, 20, Preprocess.SampleRate / 2, Length, Preprocess.SampleRate);
    private static readonly double[] Hann = [.. Enumerable.Range(0, Window).Select(HannValue)];
    private static readonly double[][] Dct = [.. Enumerable.Range(0, Coefficients).Select(Cosine)];

    /// <summary>Computes the frames of a waveform. A waveform shorter than one frame is padded with zeros to one frame.</summary>
    internal static MfccFrames Compute(float[] waveform)
    {
        int frames = 1 + (Math.Max(0, waveform.Length - Window) / Hop);
        double[][] cepstra = new double[frames][];
        double[] power = new double[frames];
        double[] block = new double[Length];
        double[] re = new double[(Length / 2) + 1], im = new double[(Length / 2) + 1];
        double[] bands = new double[Bands];
        var fft = Fft.ForLength(Length);
        for (int frame = 0; frame < frames; frame++)
        {
            Array.Clear(block);
            int samples = Math.Min(Window, waveform.Length - (frame * Hop));
            for (int i = 0; i < samples; i++)
            {
                block[i] = Hann[i] * waveform[(frame * Hop) + i];
            }

            fft.Forward(block, re, im);
            for (int bin = 0; bin < re.Length; bin++)
            {
                re[bin] = (re[bin] * re[bin]) + (im[bin] * im[bin]);
            }

            Filters.Apply(re, bands);
            power[frame] = bands.Sum();
            double[] logarithms = Array.ConvertAll(bands, band => PortableMath.Log(Math.Max(band, Floor)));
            cepstra[frame] = Array.ConvertAll(Dct, row => Dot(row, logarithms));
        }

        return new MfccFrames(cepstra, power);
    }

    // Periodic: the value at Window would be that at 0.
    private static double HannValue(int i) => 0.5 - (0.5 * PortableMath.CosTurns((double)i / Window));

    // √(2/N) cos(π k (2n + 1) / 2N), with the 0th row divided by √2, so that rows are orthonormal.
    private static double[] Cosine(int k)
    {
        double scale = Math.Sqrt((k == 0 ? 1.0 : 2.0) / Bands);
        return [.. Enumerable.Range(0, Bands).Select(n => scale * PortableMath.CosTurns(k * ((2 * n) + 1) / (4.0 * Bands)))];
    }

    private static double Dot(double[] x, double[] y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }
}

/// <summary>The frames of a waveform.</summary>
/// <param name="Cepstra">Coefficients [frames][20].</param>
/// <param name="Power">Power in all filters together, [frames].</param>
internal readonly record struct MfccFrames(double[][] Cepstra, double[] Power);
