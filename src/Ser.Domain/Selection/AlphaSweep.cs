namespace Ser.Domain.Selection;

/// <summary>The best interval of α of a sweep.</summary>
/// <param name="Merit">Score within the interval.</param>
/// <param name="Alphas">The interval.</param>
internal readonly record struct BestAlphas(Merit Merit, AlphaInterval Alphas);

/// <summary>
/// Sweeps over all α of (0, 1) for one k. Each query is correct on one open interval, so the number of correct queries by class is
/// constant between neighbouring break points.
/// </summary>
internal sealed class AlphaSweep(int classes, int queries)
{
    private readonly double[] _breakPoints = new double[2 * queries];

    // Class + 1 at the start of a query's interval, its negative at the end.
    private readonly int[] _changes = new int[2 * queries];
    private readonly int[] _rightAtZero = new int[classes];
    private int _count;

    /// <summary>Adds a query that is correct on an interval. Intervals below the resolution are isolated points and are ignored.</summary>
    public void Add(int truth, AlphaInterval correct)
    {
        if (correct.Width <= Interpolation.Resolution)
        {
            return;
        }

        if (correct.Low <= Interpolation.Resolution)
        {
            _rightAtZero[truth]++;
        }
        else
        {
            AddBreakPoint(correct.Low, truth + 1);
        }

        if (correct.High < 1 - Interpolation.Resolution)
        {
            AddBreakPoint(correct.High, -(truth + 1));
        }
    }

    /// <summary>Returns the open interval with the best score; among equal ones the widest, then the first.</summary>
    public BestAlphas Best(MeritScale scale)
    {
        Array.Sort(_breakPoints, _changes, 0, _count);
        var merit = scale.Merit(_rightAtZero);
        var best = new BestAlphas(merit, new AlphaInterval(0, 0));
        double low = 0;
        for (int i = 0; i < _count;)
        {
            double breakPoint = _breakPoints[i];
            double lastBreakPoint = breakPoint;
            var next = merit;
            for (; i < _count && _breakPoints[i] - breakPoint <= Interpolation.Resolution; i++)
            {
                lastBreakPoint = _breakPoints[i];
                next = scale.Step(next, Math.Abs(_changes[i]) - 1, Math.Sign(_changes[i]));
            }

            // Neighbouring intervals of equal score count as one, because the point between them is isolated.
            if (next != merit)
            {
                Consider(breakPoint);
                (merit, low) = (next, lastBreakPoint);
            }
        }

        Consider(1);
        return best;

        void Consider(double high)
        {
            var alphas = new AlphaInterval(low, high);
            int order = merit.CompareTo(best.Merit);
            if (order > 0 || (order == 0 && alphas.Width > best.Alphas.Width + Interpolation.Resolution))
            {
                best = new BestAlphas(merit, alphas);
            }
        }
    }

    private void AddBreakPoint(double alpha, int change)
    {
        _breakPoints[_count] = alpha;
        _changes[_count++] = change;
    }
}
