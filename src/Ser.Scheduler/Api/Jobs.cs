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

/// <summary>Jobs.</summary>
internal static class Jobs
{
    private const int MostAtOnce = 10_000;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/jobs/{id}", Show).WithSummary("A job with attempts, learning curve and last log lines; the beginning of its id is enough").WithTags("Jobs");
        api.MapPost("/jobs/{id}/retry", Retry).WithSummary("Makes a job ready again that failed or was cancelled, or whose result is damaged").WithTags("Jobs");
        api.MapPost("/jobs/retry", RetryMany).WithSummary("Makes many jobs ready again, each as /jobs/{id}/retry does; says of each what became of it").WithTags("Jobs");
        api.MapPost("/jobs/cancel", CancelMany).WithSummary("Stops many jobs, though a sweep may want them; says of each what became of it").WithTags("Jobs");
    }

    private static JsonHttpResult<JobsAnswer> RetryMany(JobIds asked, HttpContext context, IJobStore jobs, IJobReads reads)
    {
        Note(context, asked);
        return TypedResults.Json(new JobsAnswer([.. asked.Ids.Distinct().Select(id => Tried(id, () =>
        {
            var job = Find(reads, id);
            return job.State is JobState.Done ? "it is done" : jobs.RetryJob(job.Id) > 0 ? null : "there was nothing to retry";
        }))]), ApiJson.Options);
    }

    private static JsonHttpResult<JobsAnswer> CancelMany(JobIds asked, HttpContext context, IJobStore jobs, IJobReads reads)
    {
        Note(context, asked);
        var cancelled = jobs.CancelJobs(asked.Ids).ToHashSet();
        return TypedResults.Json(new JobsAnswer([.. asked.Ids.Distinct().Select(id => Tried(id, () =>
            cancelled.Contains(id) ? null : $"it is {Find(reads, id).State.ToString().ToLowerInvariant()}"))]), ApiJson.Options);
    }

    private static void Note(HttpContext context, JobIds asked)
    {
        if (asked.Ids is not { Count: > 0 and <= MostAtOnce })
        {
            throw new ApiProblem(StatusCodes.Status400BadRequest, "No jobs", $"give between 1 and {MostAtOnce} ids of jobs, as {{\"ids\": [\"…\"]}}");
        }

        context.Features.Set(new AuditNote(string.Join(' ', asked.Ids)));
    }

    private static JobOutcome Tried(string id, Func<string?> act)
    {
        try
        {
            return act() is { } why ? new JobOutcome(id, Done: false, why) : new JobOutcome(id, Done: true, null);
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
