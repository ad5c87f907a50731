namespace Ser.Domain.Statistics;

/// <summary>Counter-based random numbers (splitmix64): the i-th number of a seed depends only on the seed and i.</summary>
public static class SplitMix
{
    /// <summary>Returns 64 random bits.</summary>
    public static ulong Bits(ulong seed, ulong counter)
    {
        unchecked
        {
            ulong z = seed + ((counter + 1) * 0x9E3779B97F4A7C15UL);
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Returns a random integer from 0 to <paramref name="limit"/> - 1.</summary>
    public static int Below(ulong seed, ulong counter, int limit) => (int)Math.BigMul(Bits(seed, counter), (ulong)limit, out _);
}
