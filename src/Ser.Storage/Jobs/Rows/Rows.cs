using System.ComponentModel.DataAnnotations.Schema;
using Ser.Domain.Jobs;

namespace Ser.Storage.Jobs.Rows;

/// <summary>A sweep. Its number is the order of first submission.</summary>
internal sealed class SweepRow
{
    public int Id { get; init; }

    public required string Name { get; init; }

    public required string Definition { get; set; }

    /// <summary>False once cancelled: the sweep keeps its jobs but wants none.</summary>
    public bool Wanted { get; set; }

    /// <summary>Who submitted it last.</summary>
    public string? Owner { get; set; }

    /// <summary>When it was first submitted.</summary>
    public double Submitted { get; set; }

    /// <summary>Jobs of a higher one are claimed first.</summary>
    public int Priority { get; set; }

    /// <summary>Its share of the farm, beside sweeps of the same priority.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>Whether checkpoints stay after the end.</summary>
    public bool KeepWeights { get; set; }

    /// <summary>The end that was told to those who asked for it; null: none, or it has been taken up again.</summary>
    public string? Told { get; set; }

    /// <summary>How it runs beside others.</summary>
    [NotMapped]
    public SweepTerms Terms
    {
        get => new() { Owner = Owner, Priority = Priority, Weight = Weight, KeepWeights = KeepWeights };
        set => (Owner, Priority, Weight, KeepWeights) = (value.Owner, value.Priority, value.Weight, value.KeepWeights);
    }
}

/// <summary>What some jobs need of a worker, written once for all of them.</summary>
internal sealed class NeedsRow
{
    public int Id { get; init; }

    /// <summary>As JSON, in one order.</summary>
    public required string Text { get; init; }
}

/// <summary>A sweep that is submitted again and again.</summary>
internal sealed class ScheduleRow
{
    public required string Name { get; init; }

    public required string Cron { get; set; }

    /// <summary>The time zone in which the clock's times are meant.</summary>
    public required string Zone { get; set; }

    /// <summary>The plan as it was sent.</summary>
    public required string Plan { get; set; }

    public string? Owner { get; set; }
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

    /// <summary>Validation utterances that were right, by class, with spaces between.</summary>
    public string? Right { get; set; }

    /// <summary>Validation utterances, by class.</summary>
    public string? Of { get; set; }
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
