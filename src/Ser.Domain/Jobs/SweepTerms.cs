namespace Ser.Domain.Jobs;

/// <summary>Owner and scheduling policy of a sweep. They do not affect results.</summary>
public sealed record SweepTerms
{
    /// <summary>The default policy, without an owner.</summary>
    public static SweepTerms Default { get; } = new();

    /// <summary>Name of the user who submitted the sweep.</summary>
    public string? Owner { get; init; }

    /// <summary>Priority. Jobs of sweeps with a higher priority are always claimed first.</summary>
    public int Priority { get; init; }

    /// <summary>
    /// Share of the workers among sweeps of the same priority: a sweep of weight 2 has twice as many running jobs as one of weight 1.
    /// </summary>
    public double Weight { get; init; } = 1;

    /// <summary>Whether checkpoints are kept after a job is done.</summary>
    public bool KeepWeights { get; init; }
}
