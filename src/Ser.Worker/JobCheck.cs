using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Worker;

/// <summary>
/// Checks a claimed job before anything of it runs. The specification may have been changed in the database, or planned by a version of
/// ser whose stages compute other numbers; its results would then stand under the id of others.
/// </summary>
internal static class JobCheck
{
    private static readonly IReadOnlyDictionary<string, IStage> Stages = Pipeline.Stages.ToDictionary(stage => stage.Name);

    /// <summary>
    /// Threads with which the job keeps cores busy: 1 on a GPU, which waits for them to augment; 0 if the job does not say.
    /// </summary>
    internal static int ThreadsOf(ClaimedJob job)
    {
        if (job.Spec["compute"] is not JsonObject compute)
        {
            return 0;
        }

        try
        {
            var settings = SpecJson.Read<ComputeSpec>(compute);
            return settings.Device == "cpu" ? settings.Threads : 1;
        }
        catch (JsonException)
        {
            // The job itself will report that its specification is damaged.
            return 0;
        }
    }

    /// <summary>The reason why this worker must not run the job, or null.</summary>
    internal static string? FindProblem(ClaimedJob job)
    {
        if (JobHints.FindProblem(job.Spec) is { } problem)
        {
            return $"the specification of the job is invalid: {problem}";
        }

        if (!Stages.TryGetValue(job.Stage, out var stage))
        {
            return null;
        }

        string[] parents = [.. job.Parents.Select(parent => parent.JobId)];
        string id = JobId.Compute(stage.Name, stage.Revision, Pipeline.Identity(job.Spec), parents);
        return id == job.Lease.JobId
            ? null
            : $"its specification belongs to job {id} in revision {stage.Revision} of {stage.Name}, which this worker computes: it was "
                + "changed in the store, or planned by another version of ser; submit the experiment again with the version of the workers";
    }
}
