namespace Ser.Learning.SelfCheck;

/// <summary>How far a number computed here is from a reference.</summary>
/// <param name="Measured">Largest absolute difference.</param>
/// <param name="Tolerance">What a sound machine stays below.</param>
/// <param name="Of">What was compared.</param>
public sealed record Deviation(double Measured, double Tolerance, string Of)
{
    /// <summary>Whether it is small enough; not a number never is.</summary>
    public bool IsSound => Measured <= Tolerance;

    /// <summary>Largest absolute difference of two equally long lists; infinite where one has a number that is not finite.</summary>
    internal static double Largest(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"{a.Length} numbers cannot be compared with {b.Length}");
        }

        double worst = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double difference = Math.Abs(a[i] - b[i]);
            worst = double.IsFinite(difference) ? Math.Max(worst, difference) : double.PositiveInfinity;
        }

        return worst;
    }
}
