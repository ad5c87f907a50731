namespace Ser.Learning.SelfCheck;

/// <summary>The difference between values computed on this machine and reference values.</summary>
/// <param name="Measured">Largest absolute difference.</param>
/// <param name="Tolerance">Largest difference on a machine that computes correctly.</param>
/// <param name="Compared">Describes what was compared.</param>
public sealed record Deviation(double Measured, double Tolerance, string Compared)
{
    /// <summary>Whether the difference is within the tolerance; false for NaN.</summary>
    public bool IsWithinTolerance => Measured <= Tolerance;

    /// <summary>Largest absolute difference of two lists of the same length; infinite where one has a value that is not finite.</summary>
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
