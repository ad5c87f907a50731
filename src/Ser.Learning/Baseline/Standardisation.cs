namespace Ser.Learning.Baseline;

/// <summary>
/// Scales columns to zero mean and unit variance over the training rows. A column that is constant there is only centred.
/// </summary>
/// <param name="Mean">[D].</param>
/// <param name="Scale">[D], the inverse of the population standard deviation.</param>
internal sealed record Standardisation(double[] Mean, double[] Scale)
{
    private const double Constant = 1e-9;

    /// <summary>Computes mean and scale of training rows [n][D].</summary>
    internal static Standardisation Fit(IReadOnlyList<double[]> rows)
    {
        int width = rows[0].Length;
        double[] mean = new double[width], scale = new double[width];
        for (int c = 0; c < width; c++)
        {
            mean[c] = rows.Average(row => row[c]);
            double deviation = Math.Sqrt(rows.Average(row => (row[c] - mean[c]) * (row[c] - mean[c])));
            scale[c] = deviation > Constant ? 1 / deviation : 1;
        }

        return new Standardisation(mean, scale);
    }

    /// <summary>Standardises a vector [D] to an embedding [D].</summary>
    internal float[] Apply(double[] vector) => [.. vector.Select((value, c) => (float)((value - Mean[c]) * Scale[c]))];
}
