namespace Ser.Learning.Projection;

/// <summary>The initial positions of the points.</summary>
public enum MapStart
{
    /// <summary>
    /// The first two principal components, scaled to a standard deviation of 1e-4. The seed then matters only in directions in which rows
    /// do not differ.
    /// </summary>
    Pca,

    /// <summary>Normal with a standard deviation of 1e-4, drawn from the seed.</summary>
    Random,
}

/// <summary>Options of t-SNE. Defaults are scikit-learn's.</summary>
public sealed record TSneOptions
{
    /// <summary>Effective number of neighbours, limited to a third of the number of other rows.</summary>
    public double Perplexity { get; init; } = 30;

    /// <summary>Iterations. The first quarter of them, at most 250, use exaggeration.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Factor of p in the first iterations, which lets clusters form.</summary>
    public double Exaggeration { get; init; } = 12;

    /// <summary>Learning rate; null: rows / exaggeration / 4, but at least 50.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Initial positions.</summary>
    public MapStart Start { get; init; } = MapStart.Pca;

    /// <summary>Seed of the random numbers.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Number of threads; it does not change the result.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>Progress of a map.</summary>
/// <param name="Iteration">Completed iterations.</param>
/// <param name="Iterations">Total iterations.</param>
/// <param name="Divergence">KL(P‖Q) without exaggeration, as of the last iteration for which it was computed.</param>
public sealed record TSneProgress(int Iteration, int Iterations, double Divergence);

/// <summary>A map.</summary>
/// <param name="Map">[rows, 2], row-major, its mean at the origin.</param>
/// <param name="Divergence">KL(P‖Q) in nats over the neighbours, with exact Q.</param>
/// <param name="Perplexity">The perplexity that was used.</param>
public sealed record TSneMap(double[] Map, double Divergence, double Perplexity);
