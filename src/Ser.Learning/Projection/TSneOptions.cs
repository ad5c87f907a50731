namespace Ser.Learning.Projection;

/// <summary>Where a map begins.</summary>
public enum MapStart
{
    /// <summary>The first two principal components, scaled to a standard deviation of 1e-4. The seed then decides only directions in which rows do not differ.</summary>
    Pca,

    /// <summary>Normal with a standard deviation of 1e-4, drawn from the seed.</summary>
    Random,
}

/// <summary>How a map is made. Defaults are scikit-learn's.</summary>
public sealed record TSneOptions
{
    /// <summary>Effective number of neighbours; lowered to a third of the other rows where there are fewer.</summary>
    public double Perplexity { get; init; } = 30;

    /// <summary>Steps of descent; a quarter of them, at most 250, with exaggeration.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>What p is multiplied by in the beginning, so that clusters find together.</summary>
    public double Exaggeration { get; init; } = 12;

    /// <summary>Step length; null: rows / exaggeration / 4, at least 50.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Where it begins.</summary>
    public MapStart Start { get; init; } = MapStart.Pca;

    /// <summary>Seed of what is random.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Threads; they do not change the result.</summary>
    public int Threads { get; init; } = 1;
}

/// <summary>How far a map is.</summary>
/// <param name="Iteration">Steps done.</param>
/// <param name="Iterations">Steps in all.</param>
/// <param name="Divergence">KL(P‖Q) without exaggeration, of the last step that it was computed for.</param>
public sealed record TSneProgress(int Iteration, int Iterations, double Divergence);

/// <summary>A map.</summary>
/// <param name="Map">[rows, 2], row-major, its mean at the origin.</param>
/// <param name="Divergence">KL(P‖Q) in nats over the neighbours, with Q exact.</param>
/// <param name="Perplexity">The one that was used.</param>
public sealed record TSneMap(double[] Map, double Divergence, double Perplexity);
