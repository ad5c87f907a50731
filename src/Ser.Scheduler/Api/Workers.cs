using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Workers;

namespace Ser.Scheduler.Api;

/// <summary>Workers.</summary>
internal static class Workers
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/workers", (IWorkerRegistry workers, TimeProvider clock) => TypedResults.Json(
            workers.All().Select(worker => new WorkerView(worker, worker.IsAliveAt(clock.GetUtcNow()))).ToList(), ApiJson.Options))
            .WithSummary("Every worker: host, device, slots, labels, when it was last seen, what it runs, whether it drains").WithTags("Workers");
        api.MapPost("/workers/{name}/drain", Drain)
            .WithSummary("The worker takes no more jobs; handBack=true: and hands back, with a checkpoint, those that it has").WithTags("Workers");
        api.MapPost("/workers/{name}/release", Release).WithSummary("A worker in quarantine works again").WithTags("Workers");
    }

    private static JsonHttpResult<WorkerInfo> Release(string name, IWorkerRegistry workers)
    {
        if (workers.Release(name))
        {
            return TypedResults.Json(workers.All().First(worker => worker.Name == name), ApiJson.Options);
        }

        throw workers.All().Any(worker => worker.Name == name)
            ? new ApiProblem(StatusCodes.Status409Conflict, "Not in quarantine", $"{name} is not in quarantine, so nothing was changed")
            : NoSuchWorker(name, workers);
    }

    private static JsonHttpResult<WorkerInfo> Drain(string name, IWorkerRegistry workers, bool handBack = false)
    {
        if (workers.Drain(name, handBack ? WorkerOrder.HandBack : WorkerOrder.Drain))
        {
            return TypedResults.Json(workers.All().First(worker => worker.Name == name), ApiJson.Options);
        }

        throw NoSuchWorker(name, workers);
    }

    private static ApiProblem NoSuchWorker(string name, IWorkerRegistry workers)
    {
        string[] known = [.. workers.All().Select(worker => worker.Name)];
        return new ApiProblem(StatusCodes.Status404NotFound, "No such worker",
            known.Length == 0 ? $"there is no worker named {name}: there are none" : $"there is no worker named {name}: the nearest is {Nearest.Of(name, known)}");
    }
}

/// <summary>A worker as GET /api/workers shows it.</summary>
/// <param name="Worker">What is known of it.</param>
/// <param name="Alive">Whether it has been seen lately.</param>
public sealed record WorkerView(WorkerInfo Worker, bool Alive);
