namespace Ser.Domain.Statistics;

/// <summary>Percentiles with linear interpolation between order statistics.</summary>
public static class Percentile
{
    /// <summary>Returns a percentile of values that are sorted in ascending order.</summary>
    public static double Compute(IReadOnlyList<double> ascending, double percent)
    {
        double position = percent / 100 * (ascending.Count - 1);
        int below = Math.Min((int)position, ascending.Count - 1);
        int above = Math.Min(below + 1, ascending.Count - 1);
        return ascending[below] + ((position - below) * (ascending[above] - ascending[below]));
    }
}
