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

    private static JsonHttpResult<JobsResponse> RetryMany(JobIds request, HttpContext context, ISweepCommands sweeps, IJobReads reads)
    {
        CheckAndAudit(context, request);
        var known = reads.Jobs(request.Ids);
        string[] notDone = [.. known.Values.Where(job => job.State != JobState.Done).Select(job => job.Id)];
        var retried = sweeps.RetryJobs(notDone).ToHashSet();
        return TypedResults.Json(new JobsResponse([.. request.Ids.Distinct().Select(id => Try(id, WhyNotRetried))]), ApiJson.Options);

        string? WhyNotRetried(string id)
        {
            var job = Find(id, known, reads);
            return job.State is JobState.Done ? "it is done"
                : retried.Contains(job.Id) ? null
                : $"it is {job.State.ToString().ToLowerInvariant()}, and no job that it depends on has failed: there is nothing to retry";
        }
    }

    private static JsonHttpResult<JobsResponse> CancelMany(JobIds request, HttpContext context, ISweepCommands sweeps, IJobReads reads)
    {
        CheckAndAudit(context, request);
        var cancelled = sweeps.CancelJobs(request.Ids).ToHashSet();
        var known = reads.Jobs(request.Ids);
        return TypedResults.Json(new JobsResponse([.. request.Ids.Distinct().Select(id => Try(id, WhyNotCancelled))]), ApiJson.Options);

        string? WhyNotCancelled(string id) =>
            cancelled.Contains(id) ? null : $"it is {Find(id, known, reads).State.ToString().ToLowerInvariant()}";
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

    private static JsonHttpResult<RetryResponse> Retry(string id, ISweepCommands sweeps, IJobReads reads, IArtifactStore artifacts)
    {
        var job = Find(reads, id);
        int revived = job.Result is { } result ? DiscardIfDamaged(job, result, sweeps, artifacts) : sweeps.RetryJob(job.Id);
        return TypedResults.Json(new RetryResponse(id, revived, Asked: false), ApiJson.Options);
    }

    private static int DiscardIfDamaged(JobSnapshot job, JobResult result, ISweepCommands sweeps, IArtifactStore artifacts)
    {
        if (artifacts.Verify(result) is null)
        {
            throw new ApiProblem(
                StatusCodes.Status409Conflict,
                "Nothing to retry",
                $"{job.Title}, {job.Stage} ({job.Id[..12]}) is done and its result is intact: there is nothing to retry");
        }

        return sweeps.Discard(result) ? 1 : 0;
    }

    // Complete ids are read together beforehand; only abbreviated and unknown ones are searched one by one.
    private static JobSnapshot Find(string id, IReadOnlyDictionary<string, JobSnapshot> known, IJobReads reads) =>
        known.TryGetValue(id, out var job) ? job : Find(reads, id);

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
