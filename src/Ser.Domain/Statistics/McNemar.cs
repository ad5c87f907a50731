using System.Numerics;

namespace Ser.Domain.Statistics;

/// <summary>McNemar's exact test: do two arms err on equally many utterances that the other gets right?</summary>
public static class McNemar
{
    /// <summary>Two-sided p of the binomial test on discordant pairs; 1 where there are none.</summary>
    /// <param name="onlyFirst">Utterances that only the first gets right.</param>
    /// <param name="onlySecond">Utterances that only the second gets right.</param>
    public static double P(int onlyFirst, int onlySecond)
    {
        int n = onlyFirst + onlySecond;
        int fewer = Math.Min(onlyFirst, onlySecond);
        if (onlyFirst == onlySecond)
        {
            return 1;
        }

        // Σ_{i ≤ fewer} C(n, i) in whole numbers; p is twice that over 2^n.
        BigInteger term = 1;
        BigInteger sum = 1;
        for (int i = 1; i <= fewer; i++)
        {
            term = term * (n - i + 1) / i;
            sum += term;
        }

        // 64 bits are kept for the quotient, so that it is as good as a double can be.
        int shift = (int)Math.Max(0, sum.GetBitLength() - 64);
        return Math.Min(1, Math.ScaleB((double)(sum >> shift), shift + 1 - n));
    }

    /// <summary>The same from who is right on each utterance.</summary>
    public static double P(IReadOnlyList<bool> first, IReadOnlyList<bool> second)
    {
        if (first.Count != second.Count)
        {
            throw new ArgumentException($"{first.Count} and {second.Count} utterances cannot be paired");
        }

        var pairs = first.Zip(second).ToList();
        return P(pairs.Count(pair => pair.First && !pair.Second), pairs.Count(pair => !pair.First && pair.Second));
    }
}
