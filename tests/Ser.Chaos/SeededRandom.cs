namespace Ser.Chaos;

/// <summary>A SplitMix64 generator: the same seed draws the same faults on every machine.</summary>
internal sealed class SeededRandom(long seed)
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;
    private ulong _state = unchecked((ulong)seed * 0xD1342543DE82EF95);

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * (Next() >> 11) / (1UL << 53));

    /// <summary>A time uniform between two numbers of seconds, rounded to 10 ms.</summary>
    public TimeSpan Seconds(double low, double high) => TimeSpan.FromSeconds(Math.Round(Uniform(low, high), 2));

    /// <summary>True with a given probability.</summary>
    public bool Chance(double probability) => Uniform(0, 1) < probability;

    /// <summary>One of the items, all equally likely.</summary>
    public T Choose<T>(IReadOnlyList<T> items) => items[(int)Uniform(0, items.Count)];

    private ulong Next()
    {
        ulong z = unchecked(_state += Gamma);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }
}
