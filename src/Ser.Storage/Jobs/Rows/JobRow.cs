using Ser.Domain.Jobs;

namespace Ser.Storage.Jobs.Rows;

/// <summary>A job. Times are seconds since 1970 on the database's clock.</summary>
internal sealed class JobRow
{
    public required string Id { get; init; }

    public required string Stage { get; init; }

    public required string Title { get; set; }

    public required string Spec { get; init; }

    /// <summary>Edges between the job and the furthest ancestor.</summary>
    public int Depth { get; init; }

    /// <summary>The earliest sweep that wants the job, in whose turn it is claimed; null: none does.</summary>
    public int? SweepId { get; set; }

    /// <summary>Its place in that sweep's plan.</summary>
    public int Position { get; set; }

    public JobState State { get; set; }

    public int Attempt { get; set; }

    public int Faults { get; set; }

    public int Losses { get; set; }

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

    /// <summary>Faults that end it.</summary>
    public int MaxAttempts { get; set; } = JobTransitions.MaxAttempts;

    /// <summary>How many comparisons of arms it has passed.</summary>
    public int Rung { get; set; }

    /// <summary>Whether its arm was set aside.</summary>
    public bool Aside { get; set; }

    /// <summary>Nobody may claim it before; null: anybody at once.</summary>
    public double? NotBefore { get; set; }

    /// <summary>Times in a row, without a checkpoint between them, that it was put off.</summary>
    public int PutOffs { get; set; }

    /// <summary>The worker on which its last fault was.</summary>
    public string? FaultedOn { get; set; }

    /// <summary>When that was.</summary>
    public double? FaultedAt { get; set; }

    /// <summary>What it needs of a worker; null: nothing in particular.</summary>
    public int? NeedsId { get; set; }

    /// <summary>Digests of the corpus and weights that it reads, in one text; null: none.</summary>
    public string? Reads { get; set; }
}
