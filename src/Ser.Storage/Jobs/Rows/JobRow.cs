using Ser.Domain.Jobs;

namespace Ser.Storage.Jobs.Rows;

/// <summary>A job. Times are seconds since 1970 on the database's clock.</summary>
internal sealed class JobRow
{
    public required string Id { get; init; }

    public required string Stage { get; init; }

    public required string Title { get; set; }

    public required string Spec { get; init; }

    /// <summary>Number of edges between the job and its furthest ancestor.</summary>
    public int Depth { get; init; }

    /// <summary>The earliest of its sweeps that has not been withdrawn, for which it is claimed; null: there is none.</summary>
    public int? SweepId { get; set; }

    /// <summary>Its position in that sweep's plan.</summary>
    public int Position { get; set; }

    public JobState State { get; set; }

    public int Attempt { get; set; }

    public int Faults { get; set; }

    public int LostLeases { get; set; }

    public string? Worker { get; set; }

    public double? LeaseUntil { get; set; }

    public string? Error { get; set; }

    public string? Checkpoint { get; set; }

    public int? AcceptedAttempt { get; set; }

    public string? ManifestDigest { get; set; }

    public long Step { get; set; }

    public int Epoch { get; set; }

    public int Epochs { get; set; }

    public double? Loss { get; set; }

    public double? StepsPerSecond { get; set; }

    /// <summary>Number of faults after which the job fails.</summary>
    public int MaxAttempts { get; set; } = JobTransitions.MaxAttempts;

    /// <summary>Number of rungs of successive halving that it has passed.</summary>
    public int Rung { get; set; }

    /// <summary>Whether its arm was eliminated by successive halving.</summary>
    public bool EliminatedByHalving { get; set; }

    /// <summary>It may not be claimed before this time; null: no limit.</summary>
    public double? NotBefore { get; set; }

    /// <summary>Number of consecutive snoozes without a checkpoint between them.</summary>
    public int Snoozes { get; set; }

    /// <summary>The worker on which it last failed.</summary>
    public string? FaultedOn { get; set; }

    /// <summary>When it last failed.</summary>
    public double? FaultedAt { get; set; }

    /// <summary>
    /// Number of changes that a reader of its sweeps can see; raised by the same statement or transaction as each of them.
    /// </summary>
    public long Version { get; set; }

    /// <summary>Number of times that a result was accepted or discarded.</summary>
    public long ResultVersion { get; set; }

    /// <summary>Its requirements for a worker; null: none.</summary>
    public int? NeedsId { get; set; }

    /// <summary>Digests of the corpus and weights that it reads, separated by spaces; null: none.</summary>
    public string? Reads { get; set; }
}
