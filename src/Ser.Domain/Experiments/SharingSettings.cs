namespace Ser.Domain.Experiments;

/// <summary>Scheduling policy of a sweep on shared workers, and the needs and limits of its jobs. Does not affect results.</summary>
public sealed record SharingSettings
{
    /// <summary>Priority. Jobs of sweeps with a higher priority are always claimed first.</summary>
    public int Priority { get; init; }

    /// <summary>Share of the workers among sweeps of the same priority.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Memory that training needs on a worker's GPU, or on its machine if it has none, in GiB; 0 for any.</summary>
    public double MemoryGiB { get; init; }

    /// <summary>Labels that a worker must have to run training.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Number of faults after which a job fails.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Seconds without a step after which an attempt counts as stalled, which is a fault.</summary>
    public double StallAfter { get; init; } = 600;

    /// <summary>Whether the last checkpoint of each training job is kept after it is done, in addition to the best weights.</summary>
    public bool KeepWeights { get; init; }
}
