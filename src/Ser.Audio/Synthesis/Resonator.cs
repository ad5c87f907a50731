using Ser.Domain.Randomness;

namespace Ser.Audio.Synthesis;

/// <summary>Klatt's digital formant resonator: y = a·x + b·y₁ + c·y₂, with unit gain at 0 Hz.</summary>
internal struct Resonator
{
    private double a, b, c, y1, y2;

    /// <summary>Sets centre frequency and bandwidth in Hz, for a sample rate of 16 kHz.</summary>
    internal void Tune(double centre, double bandwidth)
    {
        double radius = PortableMath.Exp(-Math.PI * bandwidth / SyntheticCorpus.SampleRate);
        c = -radius * radius;
        b = 2 * radius * PortableMath.CosTurns(centre / SyntheticCorpus.SampleRate);
        a = 1 - b - c;
    }

    internal double Next(double x)
    {
        double y = (a * x) + (b * y1) + (c * y2);
        (y1, y2) = (y, y1);
        return y;
    }
}
