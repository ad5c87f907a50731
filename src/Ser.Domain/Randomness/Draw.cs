namespace Ser.Domain.Randomness;

/// <summary>
/// Random numbers that are counted, not consumed: the stream depends on (seed, epoch, utterance, purpose) alone, whatever was drawn elsewhere before.
/// SplitMix64 (Steele, Lea, Flood 2014) over a key mixed from the four; equal bits on every platform.
/// </summary>
public sealed class Draw
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;
    private readonly ulong key;
    private ulong count;
    private double spare = double.NaN;

    /// <summary>The stream of one purpose ("augmentation", "order", ...), for utterance <paramref name="utterance"/> (index in corpus order; -1 for none) in an epoch of a seed.</summary>
    public Draw(long seed, long epoch, long utterance, string purpose)
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

        key = mixed;
    }

    /// <summary>The next 64 bits.</summary>
    public ulong NextUInt64() => Mix(unchecked(key + (++count * Gamma)));

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Standard normal, by Marsaglia's polar method.</summary>
    public double Normal()
    {
        if (!double.IsNaN(spare))
        {
            double kept = spare;
            spare = double.NaN;
            return kept;
        }

        double u, v, square;
        do
        {
            u = Uniform(-1, 1);
            v = Uniform(-1, 1);
            square = (u * u) + (v * v);
        }
        while (square is >= 1 or 0);

        double scale = Math.Sqrt(-2 * Exact.Log(square) / square);
        spare = v * scale;
        return u * scale;
    }

    /// <summary>Uniform among 0 .. <paramref name="n"/> - 1, without bias.</summary>
    public int Int(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        ulong tooFew = unchecked(0UL - (ulong)n) % (ulong)n; // 2^64 mod n: draws whose low product is below it would favour some values
        while (true)
        {
            ulong high = Math.BigMul(NextUInt64(), (ulong)n, out ulong low);
            if (low >= tooFew)
            {
                return (int)high;
            }
        }
    }

    /// <summary>Every order equally likely (Fisher and Yates), in place.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Int(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>The finaliser of SplitMix64: counted keys in, 64 random bits out.</summary>
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
