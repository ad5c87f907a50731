using Ser.Domain.Randomness;

namespace Ser.Learning.Augmentation;

/// <summary>Reverberation by an impulse response.</summary>
public static class Reverberation
{
    private const int SampleRate = 16_000;

    /// <summary>
    /// Exponentially decaying Gaussian noise, [T60 · 16000], whose level falls by 60 dB in <paramref name="t60"/> seconds.
    /// </summary>
    public static double[] Response(double t60, RandomStream random)
    {
        var response = new double[Math.Max(1, (int)(t60 * SampleRate))];
        double decay = Math.Pow(10, -3 / (t60 * SampleRate));
        double level = 1;
        for (int i = 0; i < response.Length; i++, level *= decay)
        {
            response[i] = level * random.NextNormal();
        }

        return response;
    }

    /// <summary>
    /// The first x.Length samples of the causal convolution x * (response / |response|₂). A silent response has no effect.
    /// </summary>
    public static double[] Apply(double[] x, double[] response)
    {
        double norm = Math.Sqrt(response.Sum(h => h * h));
        return norm > 0 ? Convolve(x, Array.ConvertAll(response, h => h / norm)) : [.. x];
    }

    /// <summary>The first x.Length samples of the convolution x * h, by the overlap-add method.</summary>
    public static double[] Convolve(double[] x, double[] h)
    {
        var y = new double[x.Length];
        int taps = Math.Min(h.Length, x.Length);
        if (taps == 0)
        {
            return y;
        }

        int length = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, 2 * taps));
        var fft = Fft.ForLength(length);
        int bins = (length / 2) + 1;
        double[] block = new double[length];
        double[] re = new double[bins], im = new double[bins];
        double[] hRe = new double[bins], hIm = new double[bins];
        h.AsSpan(0, taps).CopyTo(block);
        fft.Forward(block, hRe, hIm);
        int hop = length - taps + 1;
        for (int start = 0; start < x.Length; start += hop)
        {
            int count = Math.Min(hop, x.Length - start);
            Array.Clear(block);
            x.AsSpan(start, count).CopyTo(block);
            fft.Forward(block, re, im);
            for (int k = 0; k < bins; k++)
            {
                (re[k], im[k]) = ((re[k] * hRe[k]) - (im[k] * hIm[k]), (re[k] * hIm[k]) + (im[k] * hRe[k]));
            }

            fft.Inverse(re, im, block);
            for (int i = start; i < Math.Min(start + length, x.Length); i++)
            {
                y[i] += block[i - start];
            }
        }

        return y;
    }
}
