using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Scheduler.Authentication;

namespace Ser.Scheduler.Api;

/// <summary>Endpoints for jobs.</summary>
internal static class JobEndpoints
{
    private const int MaxJobs = 10_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        var jobs = api.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapGet("/{id}", Show)
            .WithSummary("A job with attempts, learning curve and last log lines; the start of its id is enough");
        jobs.MapPost("/{id}/retry", Retry)
            .WithSummary("Retries a job that failed or was cancelled, or whose result is damaged");
        jobs.MapPost("/retry", RetryMany)
            .WithSummary("Retries several jobs, as /jobs/{id}/retry does, and reports the outcome of each");
        jobs.MapPost("/cancel", CancelMany)
            .WithSummary("Cancels several jobs, even if a sweep needs them, and reports the outcome of each");
    }

    private static JsonHttpResult<JobsResponse> RetryMany(JobIds request, HttpContext context, IJobStore jobs, IJobReads reads)
    {
        CheckAndAudit(context, request);
        return TypedResults.Json(new JobsResponse([.. request.Ids.Distinct().Select(id => Try(id, RetryOne))]), ApiJson.Options);

        string? RetryOne(string id)
        {
            var job = Find(reads, id);
            return job.State is JobState.Done ? "it is done"
                : jobs.RetryJob(job.Id) > 0 ? null
                : "there is nothing to retry";
        }
    }

    private static JsonHttpResult<JobsResponse> CancelMany(JobIds request, HttpContext context, IJobStore jobs, IJobReads reads)
    {
        CheckAndAudit(context, request);
        var cancelled = jobs.CancelJobs(request.Ids).ToHashSet();
        return TypedResults.Json(new JobsResponse([.. request.Ids.Distinct().Select(id => Try(id, WhyNotCancelled))]), ApiJson.Options);

        string? WhyNotCancelled(string id) =>
            cancelled.Contains(id) ? null : $"it is {Find(reads, id).State.ToString().ToLowerInvariant()}";
    }

    private static void CheckAndAudit(HttpContext context, JobIds request)
    {
        if (request.Ids is not { Count: > 0 and <= MaxJobs })
        {
            throw new ApiProblem(
                StatusCodes.Status400BadRequest,
                "No jobs",
                $"give 1 to {MaxJobs} job ids, as {{\"ids\": [\"…\"]}}");
        }

        context.Features.Set(new AuditNote(string.Join(' ', request.Ids)));
    }

    // The action returns why the job was not changed, or null if it was.
    private static JobOutcome Try(string id, Func<string, string?> action)
    {
        try
        {
            return action(id) is { } why ? new JobOutcome(id, Done: false, why) : new JobOutcome(id, Done: true, null);
        }
        catch (Exception refused) when (refused is InputException or ApiProblem)
        {
            return new JobOutcome(id, Done: false, refused.Message);
        }
    }

    private static JsonHttpResult<JobView> Show(string id, IJobReads reads)
    {
        var job = Find(reads, id);
        var attempts = reads.Attempts(job.Id);
        string? log = attempts.LastOrDefault(attempt => attempt.Log is { Length: > 0 })?.Log;
        return TypedResults.Json(new JobView(job, attempts, reads.LearningCurve(job.Id), log), ApiJson.Options);
    }

    private static JsonHttpResult<RetryResponse> Retry(string id, IJobStore jobs, IJobReads reads, IArtifactStore artifacts)
    {
        var job = Find(reads, id);
        int revived = job.Result is { } result ? DiscardIfDamaged(job, result, jobs, artifacts) : jobs.RetryJob(job.Id);
        return TypedResults.Json(new RetryResponse(id, revived, Asked: false), ApiJson.Options);
    }

    private static int DiscardIfDamaged(JobSnapshot job, AcceptedResult result, IJobStore jobs, IArtifactStore artifacts)
    {
        var stored = new CompletedResult(result.JobId, result.Stage, result.Attempt, result.ManifestDigest);
        if (artifacts.Verify(stored) is null)
        {
            throw new ApiProblem(
                StatusCodes.Status409Conflict,
                "Nothing to retry",
                $"{job.Title}, {job.Stage} ({job.Id[..12]}) is done and its result is intact: there is nothing to retry");
        }

        return jobs.Discard(result) ? 1 : 0;
    }

    private static JobSnapshot Find(IJobReads reads, string id)
    {
        try
        {
            return reads.Job(id);
        }
        catch (InputException)
        {
            // The store's own message contains the path of its file, which clients must not see.
            throw new ApiProblem(
                StatusCodes.Status404NotFound,
                "No such job",
                $"no job, or more than one, has an id that starts with {id}: GET /api/sweeps/{{name}} lists the ids");
        }
    }
}
