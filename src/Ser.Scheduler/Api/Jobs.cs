using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;

namespace Ser.Scheduler.Api;

/// <summary>Jobs.</summary>
internal static class Jobs
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/jobs/{id}", Show).WithSummary("A job with attempts, learning curve and last log lines; the beginning of its id is enough").WithTags("Jobs");
        api.MapPost("/jobs/{id}/retry", Retry).WithSummary("Makes a job ready again that failed or was cancelled, or whose result is damaged").WithTags("Jobs");
    }

    private static JsonHttpResult<JobView> Show(string id, IJobReads reads)
    {
        var job = Find(reads, id);
        var attempts = reads.Attempts(job.Id);
        return TypedResults.Json(new JobView(job, attempts, reads.Points(job.Id), attempts.LastOrDefault(attempt => attempt.Log is { Length: > 0 })?.Log), ApiJson.Options);
    }

    private static JsonHttpResult<RetryAnswer> Retry(string id, IJobStore jobs, IJobReads reads, IArtifactStore artifacts)
    {
        var job = Find(reads, id);
        return TypedResults.Json(new RetryAnswer(id, job.Result is { } result ? MakeAgain(job, result, jobs, artifacts) : jobs.RetryJob(job.Id), Asked: false), ApiJson.Options);
    }

    private static int MakeAgain(JobSnapshot job, AcceptedResult result, IJobStore jobs, IArtifactStore artifacts) =>
        artifacts.Verify(new OfferedResult(result.JobId, result.Stage, result.Attempt, result.ManifestDigest)) is null
            ? throw new ApiProblem(StatusCodes.Status409Conflict, "Nothing to retry", $"{job.Title}, {job.Stage} ({job.Id[..12]}) is done and its result is whole: there is nothing to retry")
            : jobs.Discard(result) ? 1 : 0;

    private static JobSnapshot Find(IJobReads reads, string id)
    {
        try
        {
            return reads.Job(id);
        }
        catch (InputException)
        {
            // The store's own message names its file, which is nobody's business here.
            throw new ApiProblem(StatusCodes.Status404NotFound, "No such job", $"not exactly one job's id begins with {id}: GET /api/sweeps/{{name}} has the ids");
        }
    }
}
