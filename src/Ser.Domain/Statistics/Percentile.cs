namespace Ser.Domain.Statistics;

/// <summary>Percentiles with linear interpolation between order statistics.</summary>
public static class Percentile
{
    /// <summary>The value below which <paramref name="percent"/> of an ascending list lie.</summary>
    public static double Of(IReadOnlyList<double> ascending, double percent)
    {
        double place = percent / 100 * (ascending.Count - 1);
        int below = Math.Min((int)place, ascending.Count - 1);
        int above = Math.Min(below + 1, ascending.Count - 1);
        return ascending[below] + ((place - below) * (ascending[above] - ascending[below]));
    }
}
