using System.Numerics;

namespace Ser.Domain.Statistics;

/// <summary>McNemar's exact test of whether two classifiers have the same error rate on the same utterances.</summary>
public static class McNemar
{
    /// <summary>Returns the two-sided p-value of the binomial test on the discordant pairs; 1 if there are none.</summary>
    /// <param name="onlyFirst">Number of utterances that only the first classifies correctly.</param>
    /// <param name="onlySecond">Number of utterances that only the second classifies correctly.</param>
    public static double PValue(int onlyFirst, int onlySecond)
    {
        int n = onlyFirst + onlySecond;
        int fewer = Math.Min(onlyFirst, onlySecond);
        if (onlyFirst == onlySecond)
        {
            return 1;
        }

        // The sum Σ_{i ≤ fewer} C(n, i) is computed in whole numbers; p is twice the sum over 2^n.
        BigInteger term = 1;
        BigInteger sum = 1;
        for (int i = 1; i <= fewer; i++)
        {
            term = term * (n - i + 1) / i;
            sum += term;
        }

        // 64 bits of the sum are kept, more than the precision of a double.
        int shift = (int)Math.Max(0, sum.GetBitLength() - 64);
        return Math.Min(1, Math.ScaleB((double)(sum >> shift), shift + 1 - n));
    }

    /// <summary>Returns the p-value given whether each classifier is correct on each utterance.</summary>
    public static double PValue(IReadOnlyList<bool> first, IReadOnlyList<bool> second)
    {
        if (first.Count != second.Count)
        {
            throw new ArgumentException($"{first.Count} and {second.Count} utterances cannot be paired");
        }

        var pairs = first.Zip(second).ToList();
        return PValue(pairs.Count(pair => pair.First && !pair.Second), pairs.Count(pair => !pair.First && pair.Second));
    }
}
