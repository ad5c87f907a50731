namespace Ser.Domain.Selection;

/// <summary>
/// All α of (0, 1) at once for one k: each query is right on one open interval, so between neighbouring break points the number of right answers
/// by class does not change.
/// </summary>
internal sealed class Sweep(int classes, int queries)
{
    private readonly double[] at = new double[2 * queries];
    private readonly int[] change = new int[2 * queries];
    private readonly int[] rightAtZero = new int[classes];
    private int events;

    /// <summary>Adds a query that is right on (low, high). Intervals below the resolution are isolated points and do not count.</summary>
    public void Add(int truth, double low, double high)
    {
        if (high - low <= Interpolation.Resolution)
        {
            return;
        }

        if (low <= Interpolation.Resolution)
        {
            rightAtZero[truth]++;
        }
        else
        {
            Put(low, truth + 1);
        }

        if (high < 1 - Interpolation.Resolution)
        {
            Put(high, -(truth + 1));
        }
    }

    /// <summary>The open interval of the best merit, the widest of them, the first on a tie.</summary>
    public (Merit Merit, double Low, double High) Best(Scale scale)
    {
        Array.Sort(at, change, 0, events);
        var merit = scale.Merit(rightAtZero);
        var (best, bestLow, bestHigh) = (merit, 0.0, 0.0);
        double low = 0;
        for (int i = 0; i < events;)
        {
            double here = at[i];
            double until = here;
            var next = merit;
            for (; i < events && at[i] - here <= Interpolation.Resolution; i++)
            {
                until = at[i];
                next = scale.Step(next, Math.Abs(change[i]) - 1, Math.Sign(change[i]));
            }

            // Neighbours of equal merit are one interval: the point between them is isolated.
            if (next != merit)
            {
                Offer(here);
                (merit, low) = (next, until);
            }
        }

        Offer(1);
        return (best, bestLow, bestHigh);

        void Offer(double high)
        {
            int order = merit.CompareTo(best);
            if (order > 0 || (order == 0 && high - low > bestHigh - bestLow + Interpolation.Resolution))
            {
                (best, bestLow, bestHigh) = (merit, low, high);
            }
        }
    }

    private void Put(double point, int what)
    {
        at[events] = point;
        change[events++] = what;
    }
}
