namespace Ser.Domain.Selection;

/// <summary>Weights of the neighbours' votes in eq. 3.</summary>
public static class Weightings
{
    /// <summary>Every neighbour has the weight 1.</summary>
    public const string Uniform = "uniform";

    /// <summary>The weight exp(-d/T) at distance d.</summary>
    public const string SoftmaxD = "softmax-d";

    /// <summary>The weight exp(-d²/T) at distance d.</summary>
    public const string SoftmaxD2 = "softmax-d2";

    /// <summary>Names of all weightings.</summary>
    public static IReadOnlyList<string> All { get; } = [Uniform, SoftmaxD, SoftmaxD2];

    /// <summary>
    /// Returns the temperatures to try, as multiples of the fold's median distance; a single null for a weighting without temperature.
    /// </summary>
    /// <exception cref="InputException">There is no such weighting.</exception>
    public static IReadOnlyList<double?> TemperatureFactors(string weighting) => weighting switch
    {
        Uniform => [null],
        SoftmaxD or SoftmaxD2 => [0.1, 1, 10],
        _ => throw Unknown(weighting),
    };

    /// <summary>Computes the weights of one query's neighbours.</summary>
    /// <param name="weighting">A name of <see cref="All"/>.</param>
    /// <param name="distances">Shape [K]: Euclidean distances, ascending.</param>
    /// <param name="temperature">Temperature T, not a factor. At 0 only the neighbours at the smallest distance have a weight.</param>
    /// <param name="weights">
    /// Shape [K]: the output. It is scaled to 1 for the nearest neighbour, because a common factor cancels in eq. 3.
    /// </param>
    public static void Fill(string weighting, ReadOnlySpan<double> distances, double temperature, Span<double> weights)
    {
        bool squared = weighting == SoftmaxD2;
        if (weighting == Uniform)
        {
            weights[..distances.Length].Fill(1);
            return;
        }

        if (!squared && weighting != SoftmaxD)
        {
            throw Unknown(weighting);
        }

        for (int j = 0; j < distances.Length; j++)
        {
            double excess = squared ? (distances[j] * distances[j]) - (distances[0] * distances[0]) : distances[j] - distances[0];
            weights[j] = excess == 0 ? 1 : temperature > 0 ? Math.Exp(-excess / temperature) : 0;
        }
    }

    private static InputException Unknown(string weighting) =>
        new($"retrieval.weighting: there is no weighting '{weighting}'; give one of {string.Join(", ", All)}");
}
