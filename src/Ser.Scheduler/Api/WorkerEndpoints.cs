using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Workers;

namespace Ser.Scheduler.Api;

/// <summary>Endpoints for workers.</summary>
internal static class WorkerEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var workers = api.MapGroup("/workers").WithTags("Workers");
        workers.MapGet("", All)
            .WithSummary("Every worker: host, device, slots, labels, last heartbeat, running jobs, whether it is draining");
        workers.MapPost("/{name}/drain", Drain)
            .WithSummary("Stops assigning jobs to a worker; release=true: it also releases its running jobs, with checkpoints");
        workers.MapPost("/{name}/reinstate", Reinstate)
            .WithSummary("Ends the quarantine of a worker");
        workers.MapPost("/{name}/release", Reinstate)
            .WithSummary("The earlier path of /reinstate");
    }

    private static IResult All(IWorkerRegistry workers, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return TypedResults.Json(workers.All().Select(worker => new WorkerView(worker, worker.IsAliveAt(now))).ToList(), ApiJson.Options);
    }

    private static JsonHttpResult<WorkerInfo> Reinstate(string name, IWorkerRegistry workers)
    {
        if (workers.Reinstate(name))
        {
            return TypedResults.Json(workers.All().First(worker => worker.Name == name), ApiJson.Options);
        }

        throw workers.All().Any(worker => worker.Name == name)
            ? new ApiProblem(StatusCodes.Status409Conflict, "Not in quarantine", $"{name} is not in quarantine, so nothing was changed")
            : NoSuchWorker(name, workers);
    }

    // The parameter release was called handBack before; both names work.
    private static JsonHttpResult<WorkerInfo> Drain(
        string name,
        IWorkerRegistry workers,
        bool release = false,
        [FromQuery(Name = "handBack")] bool releaseByEarlierName = false)
    {
        if (workers.Drain(name, release || releaseByEarlierName ? WorkerOrder.ReleaseJobs : WorkerOrder.Drain))
        {
            return TypedResults.Json(workers.All().First(worker => worker.Name == name), ApiJson.Options);
        }

        throw NoSuchWorker(name, workers);
    }

    private static ApiProblem NoSuchWorker(string name, IWorkerRegistry workers)
    {
        string? nearest = Spelling.Nearest(name, workers.All().Select(worker => worker.Name));
        return new ApiProblem(
            StatusCodes.Status404NotFound,
            "No such worker",
            $"there is no worker named {name}: {(nearest is null ? "there are none" : $"the nearest is {nearest}")}");
    }
}

/// <summary>A worker in the response of GET /api/workers.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Alive">Whether it has sent a heartbeat recently.</param>
public sealed record WorkerView(WorkerInfo Worker, bool Alive);
