using System.Text.Json.Nodes;

namespace Ser.Domain.Jobs;

/// <summary>State of a job. Only the transitions of <see cref="JobTransitions"/> change it.</summary>
public enum JobState
{
    /// <summary>A parent has no accepted result yet.</summary>
    Waiting,

    /// <summary>A worker may claim it.</summary>
    Ready,

    /// <summary>An attempt holds the lease.</summary>
    Running,

    /// <summary>A result has been accepted.</summary>
    Done,

    /// <summary>Its faults have reached the limit.</summary>
    Failed,

    /// <summary>
    /// Training has stopped, with a checkpoint, at an epoch at which arms are compared. It continues if its arm is promoted.
    /// </summary>
    Parked,

    /// <summary>No active sweep contains it, or a user has cancelled it.</summary>
    Cancelled,
}

/// <summary>A job of a plan. Its id is a hash of everything that determines its result.</summary>
/// <param name="Id">See <see cref="JobId"/>.</param>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Title">Title for display: arm and fold.</param>
/// <param name="Spec">Everything that the stage runner needs, as canonical JSON.</param>
/// <param name="After">Ids of the parents.</param>
public sealed record PlannedJob(string Id, string Stage, string Title, JsonObject Spec, IReadOnlyList<string> After);
