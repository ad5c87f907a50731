using Ser.Domain.Randomness;

namespace Ser.Audio.Synthesis;

/// <summary>Klatt's digital formant resonator: y = a·x + b·y₁ + c·y₂, with unit gain at 0 Hz.</summary>
internal struct Resonator
{
    private double _a, _b, _c, _y1, _y2;

    /// <summary>Sets centre frequency and bandwidth in Hz, for a sample rate of 16 kHz.</summary>
    internal void Tune(double centre, double bandwidth)
    {
        double radius = PortableMath.Exp(-Math.PI * bandwidth / SyntheticCorpus.SampleRate);
        _c = -radius * radius;
        _b = 2 * radius * PortableMath.CosTurns(centre / SyntheticCorpus.SampleRate);
        _a = 1 - _b - _c;
    }

    internal double Next(double x)
    {
        double y = (_a * x) + (_b * _y1) + (_c * _y2);
        (_y1, _y2) = (y, _y1);
        return y;
    }
}
