using Ser.Domain;
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

    /// <summary>The reason why this worker must not run the job, or null.</summary>
    internal static string? FindProblem(ClaimedJob job)
    {
        try
        {
            JobHints.FromSpec(job.Spec);
        }
        catch (InputException wrong)
        {
            return $"the specification of the job is invalid: {wrong.Message}";
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
