using Ser.Domain.Randomness;

namespace Ser.Learning.Augmentation;

/// <summary>Changes of loudness.</summary>
public static class Volume
{
    private const double MaxDecibels = 10;
    private const int KnotSpacing = 8_000;

    /// <summary>y = x · 10^(dB/20), not clipped.</summary>
    public static double[] Gain(double[] x, double decibels)
    {
        double gain = Math.Pow(10, decibels / 20);
        return Array.ConvertAll(x, sample => sample * gain);
    }

    /// <summary>y_i = x_i · 10^(dB_i/20), not clipped.</summary>
    public static double[] Gain(double[] x, double[] decibels) =>
        [.. x.Zip(decibels, (sample, level) => sample * Math.Pow(10, level / 20))];

    /// <summary>
    /// A smooth envelope in dB, [length]. Every half second at 16 kHz a level is drawn uniformly between -10 and +10 dB, with raised
    /// cosines in between. (A constant gain would have no effect, because the encoder's first group norm removes it.)
    /// </summary>
    public static double[] Envelope(int length, RandomStream random)
    {
        // A short utterance has a smaller spacing, so that its gain varies too.
        int spacing = Math.Min(KnotSpacing, Math.Max(1, length / 2));
        var knots = new double[(length / spacing) + 2];
        for (int k = 0; k < knots.Length; k++)
        {
            knots[k] = random.NextUniform(-MaxDecibels, MaxDecibels);
        }

        var decibels = new double[length];
        for (int i = 0; i < length; i++)
        {
            int k = i / spacing;
            double rise = (1 - Math.Cos(Math.PI * (i % spacing) / spacing)) / 2;
            decibels[i] = knots[k] + (rise * (knots[k + 1] - knots[k]));
        }

        return decibels;
    }
}
