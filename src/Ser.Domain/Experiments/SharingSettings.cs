namespace Ser.Domain.Experiments;

/// <summary>How a sweep shares a farm with others, and what its jobs need and are given there. Decides no result.</summary>
public sealed record SharingSettings
{
    /// <summary>Jobs of a higher priority are claimed first, whatever waits.</summary>
    public int Priority { get; init; }

    /// <summary>Share of the farm beside sweeps of the same priority.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Memory that training needs on a worker's device, or machine where it has none, in GiB; 0: any.</summary>
    public double MemoryGiB { get; init; }

    /// <summary>Labels that a worker must have to train.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Faults that end a job.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Seconds without a step after which an attempt has stalled, which is a fault.</summary>
    public double StallAfter { get; init; } = 600;

    /// <summary>Whether the last checkpoint of each training stays after the end, beside the best weights.</summary>
    public bool KeepWeights { get; init; }
}
