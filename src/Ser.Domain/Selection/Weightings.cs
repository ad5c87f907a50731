namespace Ser.Domain.Selection;

/// <summary>How much the j-th nearest neighbour counts in eq. 3.</summary>
public static class Weightings
{
    /// <summary>Every neighbour counts 1.</summary>
    public const string Uniform = "uniform";

    /// <summary>exp(-d/T).</summary>
    public const string SoftmaxD = "softmax-d";

    /// <summary>exp(-d²/T).</summary>
    public const string SoftmaxD2 = "softmax-d2";

    /// <summary>Every weighting by name.</summary>
    public static IReadOnlyList<string> All { get; } = [Uniform, SoftmaxD, SoftmaxD2];

    /// <summary>Temperatures that are tried, in units of the fold's median distance; null where a weighting has none.</summary>
    /// <exception cref="InputException">No such weighting.</exception>
    public static IReadOnlyList<double?> TemperatureFactors(string weighting) => weighting switch
    {
        Uniform => [null],
        SoftmaxD or SoftmaxD2 => [0.1, 1, 10],
        _ => throw Unknown(weighting),
    };

    /// <summary>Weights of one query's neighbours.</summary>
    /// <param name="weighting">A name of <see cref="All"/>.</param>
    /// <param name="distances">[K], ascending, Euclidean.</param>
    /// <param name="temperature">T itself, not a factor. At 0 only the neighbours at the least distance count.</param>
    /// <param name="weights">[K], written; the nearest neighbour's is 1, since a common factor falls out of eq. 3.</param>
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
            double further = squared ? (distances[j] * distances[j]) - (distances[0] * distances[0]) : distances[j] - distances[0];
            weights[j] = further == 0 ? 1 : temperature > 0 ? Math.Exp(-further / temperature) : 0;
        }
    }

    private static InputException Unknown(string weighting) =>
        new($"retrieval.weighting: there is no weighting '{weighting}'; it is one of {string.Join(", ", All)}");
}
