namespace Ser.Learning.Baseline;

/// <summary>Zero mean and unit variance by the training rows. A column that is constant there is only centred.</summary>
/// <param name="Mean">[D].</param>
/// <param name="Scale">[D], one over the population standard deviation.</param>
internal sealed record Standardisation(double[] Mean, double[] Scale)
{
    private const double Constant = 1e-9;

    /// <summary>From training rows [n][D].</summary>
    internal static Standardisation Of(IReadOnlyList<double[]> rows)
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

    /// <summary>A vector [D] to the embedding [D].</summary>
    internal float[] Apply(double[] vector) => [.. vector.Select((value, c) => (float)((value - Mean[c]) * Scale[c]))];
}
