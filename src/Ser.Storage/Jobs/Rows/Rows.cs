using System.ComponentModel.DataAnnotations.Schema;
using Ser.Domain.Jobs;

namespace Ser.Storage.Jobs.Rows;

/// <summary>A sweep. Ids ascend in the order of first submission.</summary>
internal sealed class SweepRow
{
    public int Id { get; init; }

    public required string Name { get; init; }

    public required string Definition { get; set; }

    /// <summary>Whether it has been cancelled: it keeps its jobs, but none is run for it.</summary>
    public bool Withdrawn { get; set; }

    /// <summary>Who submitted it last.</summary>
    public string? Owner { get; set; }

    /// <summary>When it was first submitted.</summary>
    public double Submitted { get; set; }

    /// <summary>Jobs of sweeps with a higher priority are claimed first.</summary>
    public int Priority { get; set; }

    /// <summary>Its share of the farm relative to other sweeps of the same priority.</summary>
    public double Weight { get; set; } = 1;

    /// <summary>Whether checkpoints are kept after the jobs are done.</summary>
    public bool KeepWeights { get; set; }

    /// <summary>The final state that webhooks have been notified of; null: none, or the sweep has been resumed.</summary>
    public string? NotifiedState { get; set; }

    /// <summary>
    /// Number of changes of this row and of its list of jobs. A submission that drops jobs adds their versions, so that the sum of this and
    /// of the jobs' versions never falls.
    /// </summary>
    public long Version { get; set; }

    /// <summary>The same for the results of its jobs.</summary>
    public long ResultVersion { get; set; }

    /// <summary>How it shares the farm with other sweeps.</summary>
    [NotMapped]
    public SweepTerms Terms
    {
        get => new() { Owner = Owner, Priority = Priority, Weight = Weight, KeepWeights = KeepWeights };
        set => (Owner, Priority, Weight, KeepWeights) = (value.Owner, value.Priority, value.Weight, value.KeepWeights);
    }
}

/// <summary>Requirements for a worker, shared by all jobs that have the same ones.</summary>
internal sealed class NeedsRow
{
    public int Id { get; init; }

    /// <summary>Canonical JSON.</summary>
    public required string Text { get; init; }
}

/// <summary>A sweep that is submitted repeatedly on a schedule.</summary>
internal sealed class ScheduleRow
{
    public required string Name { get; init; }

    public required string Cron { get; set; }

    /// <summary>Time zone of the cron expression.</summary>
    public required string Zone { get; set; }

    /// <summary>The plan as it was submitted, as JSON.</summary>
    public required string Plan { get; set; }

    public string? Owner { get; set; }
}

/// <summary>The membership of a job in a sweep.</summary>
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

/// <summary>An attempt; never deleted.</summary>
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

/// <summary>A point of a learning curve. A resumed attempt replaces the points of the epochs that it repeats.</summary>
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

    /// <summary>Number of correctly classified validation utterances per class, separated by spaces.</summary>
    public string? Right { get; set; }

    /// <summary>Number of validation utterances per class, separated by spaces.</summary>
    public string? Of { get; set; }
}

/// <summary>An entry of the audit log; never changed. No other table refers to it.</summary>
internal sealed class AuditRow
{
    public long Id { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public double At { get; init; }

    public required string Who { get; init; }

    public string? Address { get; init; }

    public required string What { get; init; }

    public int Status { get; init; }

    public string? Why { get; init; }

    public string? Detail { get; init; }
}

/// <summary>A registered worker of a farm. Its columns are read and written by PostgresWorkerRegistry in SQL.</summary>
internal sealed class WorkerRow
{
    public required string Name { get; init; }

    public required string Instance { get; init; }

    /// <summary>What the worker told about itself when it registered, as JSON.</summary>
    public required string Info { get; init; }

    /// <summary>Ids of its running jobs, as a JSON array.</summary>
    public required string Running { get; init; }

    /// <summary>Its order, as a number.</summary>
    public int Orders { get; init; }

    /// <summary>Time of its last heartbeat.</summary>
    public double Seen { get; init; }

    /// <summary>The last readings of its machine, as JSON; null: none.</summary>
    public string? Reading { get; init; }

    /// <summary>Why it is in quarantine; null: it is not.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was last reinstated; 0: never.</summary>
    public double Reinstated { get; init; }
}

/// <summary>A request for the runner of a data folder.</summary>
internal sealed class RequestRow
{
    public int Id { get; init; }

    public RequestKind Kind { get; init; }

    public required string Target { get; init; }
}

/// <summary>The only row of its table: when any process last used the store.</summary>
internal sealed class PulseRow
{
    public int Id { get; init; }

    public double At { get; set; }
}
