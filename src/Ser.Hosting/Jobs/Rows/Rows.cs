using Ser.Domain.Jobs;

namespace Ser.Hosting.Jobs.Rows;

/// <summary>A sweep. Its number is the order of first submission.</summary>
internal sealed class SweepRow
{
    public int Id { get; init; }

    public required string Name { get; init; }

    public required string Definition { get; set; }

    /// <summary>False once cancelled: the sweep keeps its jobs but wants none.</summary>
    public bool Wanted { get; set; }
}

/// <summary>A job's place in a sweep.</summary>
internal sealed class SweepJobRow
{
    public int SweepId { get; init; }

    public required string JobId { get; init; }

    public int Position { get; init; }

    public required string Arm { get; init; }

    public int Fold { get; init; }
}

/// <summary>A job and one of its parents.</summary>
internal sealed class ParentRow
{
    public required string JobId { get; init; }

    public int Position { get; init; }

    public required string ParentId { get; init; }
}

/// <summary>An attempt, kept for good.</summary>
internal sealed class AttemptRow
{
    public required string JobId { get; init; }

    public int Attempt { get; init; }

    public required string Worker { get; init; }

    public double Started { get; init; }

    public double? Ended { get; set; }

    public AttemptOutcome Outcome { get; set; }

    public string? ManifestDigest { get; set; }

    public string? Why { get; set; }

    public string? Log { get; set; }
}

/// <summary>A point of a learning curve; a resumed attempt replaces the points it makes again.</summary>
internal sealed class PointRow
{
    public required string JobId { get; init; }

    public int Epoch { get; init; }

    public double Loss { get; set; }

    public double CrossEntropy { get; set; }

    public double Contrastive { get; set; }

    public double ValidationLoss { get; set; }

    public double ValidationWa { get; set; }

    public double ValidationUa { get; set; }

    public double LearningRate { get; set; }

    public long ResidentBytes { get; set; }
}

/// <summary>A request left for the runner.</summary>
internal sealed class RequestRow
{
    public int Id { get; init; }

    public RequestKind Kind { get; init; }

    public required string Target { get; init; }
}

/// <summary>The one row that says when anybody was last alive.</summary>
internal sealed class PulseRow
{
    public int Id { get; init; }

    public double At { get; set; }
}
