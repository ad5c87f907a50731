namespace Ser.Learning.Baseline;

/// <summary>Class scores fᵢ = Σₙ αₙᵢ k(x, xₙ) + bᵢ with the Gaussian kernel k(x, y) = exp(-γ |x - y|² / D).</summary>
/// <param name="Support">xₙ, the training embeddings [n × D], row-major.</param>
/// <param name="Coefficients">α [n × classes], row-major.</param>
/// <param name="Bias">b [classes].</param>
/// <param name="Gamma">γ; 1 / 2γ is the squared width of the kernel in units of D.</param>
internal sealed record KernelClassifier(float[] Support, double[] Coefficients, double[] Bias, double Gamma)
{
    /// <summary>n, the number of training rows.</summary>
    internal int Rows => Coefficients.Length / Bias.Length;

    /// <summary>Scores [classes] of an embedding [D].</summary>
    internal double[] Scores(ReadOnlySpan<float> x)
    {
        double[] kernel = new double[Rows];
        Kernel(SquaredDistances(x, Support), Gamma / x.Length, kernel);
        return Scores(kernel, Coefficients, Bias);
    }

    /// <summary>Scores [classes] from the kernel values with every training row [n].</summary>
    internal static double[] Scores(ReadOnlySpan<double> kernel, double[] coefficients, double[] bias)
    {
        double[] scores = [.. bias];
        for (int row = 0; row < kernel.Length; row++)
        {
            for (int c = 0; c < scores.Length; c++)
            {
                scores[c] += kernel[row] * coefficients[(row * scores.Length) + c];
            }
        }

        return scores;
    }

    /// <summary>Writes exp(-rate · squared distance), element by element.</summary>
    internal static void Kernel(ReadOnlySpan<double> squaredDistances, double rate, Span<double> kernel)
    {
        for (int i = 0; i < kernel.Length; i++)
        {
            kernel[i] = Math.Exp(-rate * squaredDistances[i]);
        }
    }

    /// <summary>|x - y|² for every row y of [n × D], by differences in double: [n].</summary>
    internal static double[] SquaredDistances(ReadOnlySpan<float> x, ReadOnlySpan<float> rows)
    {
        double[] distances = new double[rows.Length / x.Length];
        for (int row = 0; row < distances.Length; row++)
        {
            var y = rows.Slice(row * x.Length, x.Length);
            double sum = 0;
            for (int c = 0; c < x.Length; c++)
            {
                double difference = (double)x[c] - y[c];
                sum += difference * difference;
            }

            distances[row] = sum;
        }

        return distances;
    }
}
