using Ser.Domain.Randomness;

namespace Ser.Learning.Augmentation;

/// <summary>Additive noise at a signal-to-noise ratio.</summary>
public static class Noise
{
    /// <summary>
    /// y = x + g·n with g = sqrt(Ex / (En · 10^(snr/10))), where Ex and En are the energies of the whole signals. x is not rescaled, and
    /// nothing is clipped. A noise shorter than x is repeated, and a longer one truncated. A silent noise has no effect.
    /// </summary>
    /// <param name="x">Signal, [samples].</param>
    /// <param name="noise">Noise, [samples], at least one.</param>
    /// <param name="snr">In dB.</param>
    public static double[] Add(double[] x, double[] noise, double snr)
    {
        ArgumentOutOfRangeException.ThrowIfZero(noise.Length);
        double signalEnergy = 0, noiseEnergy = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double n = noise[i % noise.Length];
            signalEnergy += x[i] * x[i];
            noiseEnergy += n * n;
        }

        double gain = noiseEnergy > 0 ? Math.Sqrt(signalEnergy / (noiseEnergy * Math.Pow(10, snr / 10))) : 0;
        var y = new double[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = x[i] + (gain * noise[i % noise.Length]);
        }

        return y;
    }

    /// <summary>White Gaussian noise, [length].</summary>
    public static double[] White(int length, RandomStream random)
    {
        var noise = new double[length];
        for (int i = 0; i < length; i++)
        {
            noise[i] = random.NextNormal();
        }

        return noise;
    }

    /// <summary>
    /// Pink noise, [length]: white noise through Kellet's filter. At audio sample rates its power falls by 3 dB per octave from 20 Hz up,
    /// within 0.5 dB.
    /// </summary>
    public static double[] Pink(int length, RandomStream random)
    {
        ReadOnlySpan<double> poles = [0.99886, 0.99332, 0.96900, 0.86650, 0.55000, -0.7616];
        ReadOnlySpan<double> gains = [0.0555179, 0.0750759, 0.1538520, 0.3104856, 0.5329522, -0.0168980];
        Span<double> states = stackalloc double[poles.Length];
        var noise = new double[length];
        double delayed = 0;
        for (int i = 0; i < length; i++)
        {
            double white = random.NextNormal();
            double sum = delayed + (white * 0.5362);
            for (int p = 0; p < poles.Length; p++)
            {
                states[p] = (poles[p] * states[p]) + (gains[p] * white);
                sum += states[p];
            }

            delayed = white * 0.115926;
            noise[i] = sum;
        }

        return noise;
    }
}
