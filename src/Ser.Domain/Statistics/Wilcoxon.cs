namespace Ser.Domain.Statistics;

/// <summary>Wilcoxon's signed-rank test over folds, exact: every assignment of signs to the ranks is counted.</summary>
public static class Wilcoxon
{
    /// <summary>What the test found.</summary>
    /// <param name="Plus">Sum of the ranks of positive differences.</param>
    /// <param name="Minus">Sum of the ranks of negative differences.</param>
    /// <param name="P">Two-sided; 1 where no fold differs.</param>
    public sealed record Outcome(double Plus, double Minus, double P);

    /// <summary>Tests first - second by pairs. Zero differences are dropped, equal ones share their mean rank.</summary>
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

        // share[w] is the probability that the positive ranks sum to w when every sign is a coin.
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

    // Mid-ranks are halves: twice the rank is whole.
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
