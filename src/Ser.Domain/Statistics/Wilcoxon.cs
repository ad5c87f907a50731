namespace Ser.Domain.Statistics;

/// <summary>Wilcoxon's exact signed-rank test over folds: every assignment of signs to the ranks is counted.</summary>
public static class Wilcoxon
{
    /// <summary>Result of the test.</summary>
    /// <param name="Plus">Sum of the ranks of positive differences.</param>
    /// <param name="Minus">Sum of the ranks of negative differences.</param>
    /// <param name="P">Two-sided p-value; 1 if no fold differs.</param>
    public sealed record Outcome(double Plus, double Minus, double P);

    /// <summary>Tests the paired differences first minus second. Zero differences are dropped; equal ones share their mean rank.</summary>
    public static Outcome Test(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
        {
            throw new ArgumentException($"{first.Count} and {second.Count} values cannot be paired");
        }

        double[] differences = [.. first.Zip(second, (a, b) => a - b).Where(difference => difference != 0).OrderBy(Math.Abs)];
        int[] ranks = DoubledRanks(differences);
        int plus = ranks.Where((_, i) => differences[i] > 0).Sum();
        int all = ranks.Sum();
        int less = Math.Min(plus, all - plus);

        // share[w] is the probability that the positive ranks sum to w if every sign is random.
        double[] share = new double[all + 1];
        share[0] = 1;
        foreach (int rank in ranks)
        {
            for (int w = all; w >= 0; w--)
            {
                share[w] = 0.5 * (share[w] + (w >= rank ? share[w - rank] : 0));
            }
        }

        return new Outcome(plus / 2.0, (all - plus) / 2.0, Math.Min(1, 2 * share.Take(less + 1).Sum()));
    }

    // Mean ranks are multiples of one half, so twice the rank is a whole number.
    private static int[] DoubledRanks(double[] ordered)
    {
        int[] ranks = new int[ordered.Length];
        for (int first = 0; first < ordered.Length;)
        {
            int last = first;
            while (last + 1 < ordered.Length && Math.Abs(ordered[last + 1]) == Math.Abs(ordered[first]))
            {
                last++;
            }

            for (int i = first; i <= last; i++)
            {
                ranks[i] = first + last + 2;
            }

            first = last + 1;
        }

        return ranks;
    }
}
