namespace Ser.Domain.Measures;

/// <summary>Mean and standard deviation over folds.</summary>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="Sd">Sample standard deviation (n - 1); null for a single value.</param>
public sealed record Spread(double Mean, double? Sd)
{
    /// <summary>Computes mean and standard deviation of one or more values.</summary>
    public static Spread FromValues(IReadOnlyCollection<double> values)
    {
        double mean = values.Average();
        double squares = values.Sum(value => (value - mean) * (value - mean));
        return new Spread(mean, values.Count > 1 ? Math.Sqrt(squares / (values.Count - 1)) : null);
    }
}
