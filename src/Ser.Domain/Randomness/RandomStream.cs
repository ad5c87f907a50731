namespace Ser.Domain.Randomness;

/// <summary>
/// A counter-based random number generator. A stream depends on (seed, epoch, utterance, purpose) alone, and not on what was drawn before.
/// SplitMix64 (Steele, Lea, Flood 2014) over a key that is mixed from the four values; every platform gives the same bits.
/// </summary>
public sealed class RandomStream
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;
    private readonly ulong _key;
    private ulong _count;
    private double _spare = double.NaN;

    /// <summary>Creates the stream for one purpose of one utterance in one epoch.</summary>
    /// <param name="seed">The seed of the experiment.</param>
    /// <param name="epoch">The epoch, or another number that separates streams.</param>
    /// <param name="utterance">Index of the utterance in corpus order; -1 where the stream belongs to no utterance.</param>
    /// <param name="purpose">What the numbers are used for: "augmentation", "order", ...</param>
    public RandomStream(long seed, long epoch, long utterance, string purpose)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char letter in purpose)
        {
            hash = (hash ^ letter) * 0x100000001B3;
        }

        ulong mixed = 0;
        foreach (ulong part in (ReadOnlySpan<ulong>)[(ulong)seed, (ulong)epoch, (ulong)utterance, hash])
        {
            mixed = Mix(unchecked((mixed + part) * 0xD1342543DE82EF95) + Gamma);
        }

        _key = mixed;
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64() => Mix(unchecked(_key + (++_count * Gamma)));

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double NextUniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Standard normal, by Marsaglia's polar method.</summary>
    public double NextNormal()
    {
        if (!double.IsNaN(_spare))
        {
            double second = _spare;
            _spare = double.NaN;
            return second;
        }

        double u, v, square;
        do
        {
            u = NextUniform(-1, 1);
            v = NextUniform(-1, 1);
            square = (u * u) + (v * v);
        }
        while (square is >= 1 or 0);

        double scale = Math.Sqrt(-2 * PortableMath.Log(square) / square);
        _spare = v * scale;
        return u * scale;
    }

    /// <summary>A uniform integer in 0 .. <paramref name="n"/> - 1, without bias.</summary>
    public int NextInt(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);

        // 2^64 mod n. Accepting draws whose low product is below it would favour some values (Lemire 2019).
        ulong rejectBelow = unchecked(0UL - (ulong)n) % (ulong)n;
        while (true)
        {
            ulong high = Math.BigMul(NextUInt64(), (ulong)n, out ulong low);
            if (low >= rejectBelow)
            {
                return (int)high;
            }
        }
    }

    /// <summary>Shuffles in place; every order is equally likely (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>The finaliser of SplitMix64: turns key + counter · γ into 64 random bits.</summary>
    public static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
