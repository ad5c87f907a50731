namespace Ser.Domain.Jobs;

/// <summary>On what terms a sweep runs beside others. They decide no result.</summary>
public sealed record SweepTerms
{
    /// <summary>The usual ones.</summary>
    public static SweepTerms Usual { get; } = new();

    /// <summary>Who submitted it.</summary>
    public string? Owner { get; init; }

    /// <summary>Jobs of a higher priority are claimed first, whatever waits.</summary>
    public int Priority { get; init; }

    /// <summary>Its share of the farm beside sweeps of the same priority: one of weight 2 has twice as many jobs running as one of weight 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Whether checkpoints stay after the end.</summary>
    public bool KeepWeights { get; init; }

    /// <summary>What is wrong with them, or null.</summary>
    public string? Problem() =>
        Weight is not (>= 0.01 and <= 100) ? $"the weight is from 0.01 to 100, not {Weight}"
        : Priority is not (>= -1000 and <= 1000) ? $"the priority is from -1000 to 1000, not {Priority}"
        : null;
}
