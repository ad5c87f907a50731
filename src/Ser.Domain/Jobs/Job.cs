using System.Text.Json.Nodes;

namespace Ser.Domain.Jobs;

/// <summary>Where a job is in its life. Changes are made by the transitions of <c>JobTransitions</c> and nothing else.</summary>
public enum JobState
{
    /// <summary>A parent has no accepted result yet.</summary>
    Waiting,

    /// <summary>May be claimed.</summary>
    Ready,

    /// <summary>An attempt holds the lease.</summary>
    Running,

    /// <summary>A result is accepted.</summary>
    Done,

    /// <summary>Faults reached the limit.</summary>
    Failed,

    /// <summary>Has stopped at an epoch at which arms are compared, with a checkpoint: goes on when its arm does.</summary>
    Parked,

    /// <summary>No sweep wants it.</summary>
    Cancelled,
}

/// <summary>A job as the plan has it. Its id is the hash of what decides its result.</summary>
/// <param name="Id">See <see cref="JobId"/>.</param>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Title">For people: arm, fold.</param>
/// <param name="Spec">Everything the runner needs, canonical.</param>
/// <param name="After">Ids of the parents.</param>
public sealed record PlannedJob(string Id, string Stage, string Title, JsonObject Spec, IReadOnlyList<string> After);
