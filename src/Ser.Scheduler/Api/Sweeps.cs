using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Ser.Authentication;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Domain.Workers;
using Ser.Results;
using Ser.Results.Bundles;
using Ser.Results.Status;
using Ser.Scheduler.Authentication;

namespace Ser.Scheduler.Api;

/// <summary>Sweeps.</summary>
internal static class Sweeps
{
    /// <summary>Bytes of the largest submission, unpacked: ten times what 30,000 jobs take.</summary>
    public const long Largest = 400L << 20;

    private const string Text = "text/plain; charset=utf-8";
    private const string Json = "application/json; charset=utf-8";

    public static void Map(IEndpointRouteBuilder api)
    {
        var sweeps = api.MapGroup("/sweeps").WithTags("Sweeps");
        sweeps.MapPost("", PostAsync).Accepts<SubmittedSweep>("application/json").WithMetadata(new RequestSizeLimitAttribute(Largest))
            .WithSummary("Submits a planned sweep (gzip is welcome). Its name is its identity: submitting it again revives what failed");
        sweeps.MapGet("", All).WithSummary("Every sweep, as `ser status --json` prints; format=text: as `ser status` does");
        sweeps.MapGet("/{name}", Show).WithSummary("A sweep with its jobs; attempts=true: with their attempts");
        sweeps.MapGet("/{name}/results", Results).WithSummary("Its tables: format=json (the default), table, csv, markdown or latex");
        sweeps.MapGet("/{name}/bundle", Exported).WithSummary("The sweep as ser export writes it; weights=true: with models and datastores");
        sweeps.MapGet("/{name}/events", SweepEvents.Stream).WithSummary("Server-sent events: first every job, then those that have changed, until nothing can run");
        sweeps.MapPost("/{name}/resume", (string name, IJobStore jobs, IJobReads reads, bool parked = false) =>
            TypedResults.Json(new ResumeAnswer(Known(reads, name), jobs.ResumeSweep(name) + (parked ? ParkedJobs.GoOn(jobs, reads.Sweep(name)) : 0)), ApiJson.Options))
            .WithSummary("Wants it again: what failed or was cancelled runs, and only that; parked=true: and what was stopped early");
        sweeps.MapPost("/{name}/cancel", (string name, IJobStore jobs, IJobReads reads) =>
            TypedResults.Json(new CancelAnswer(Known(reads, name), jobs.CancelSweep(name), Asked: false), ApiJson.Options)).WithSummary("Stops its jobs that no other sweep wants; results and checkpoints stay");
    }

    /// <summary>A sweep by name.</summary>
    /// <exception cref="ApiProblem">No such sweep; the message has the nearest.</exception>
    public static SweepSnapshot Find(IJobReads reads, string name)
    {
        try
        {
            return reads.Sweep(name);
        }
        catch (InputException)
        {
            string[] known = [.. reads.Sweeps().Select(sweep => sweep.Name)];
            throw new ApiProblem(StatusCodes.Status404NotFound, "No such sweep", known.Length == 0
                ? $"there is no sweep named {name}: there are none yet"
                : $"there is no sweep named {name}: the nearest is {Nearest.Of(name, known)}");
        }
    }

    private static string Known(IJobReads reads, string name) => Find(reads, name).Name;

    private static async Task<JsonHttpResult<SubmittedAnswer>> PostAsync(HttpRequest request, Intake intake, CancellationToken stop)
    {
        SubmittedSweep? sweep;
        try
        {
            sweep = await JsonSerializer.DeserializeAsync<SubmittedSweep>(request.Body, ApiJson.Options, stop);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidDataException)
        {
            throw new ApiProblem(StatusCodes.Status400BadRequest, "No submission", $"the body is no submission: {wrong.Message} (POST what `ser submit` does; /openapi/v1.json has its shape)");
        }

        return TypedResults.Json(intake.Take(sweep ?? throw new ApiProblem(StatusCodes.Status400BadRequest, "No submission", "the body is null"), request.HttpContext.Features.Get<Visitor>()?.Name), ApiJson.Options);
    }

    private static ContentHttpResult All(IJobReads reads, IWorkerRegistry workers, TimeProvider clock, string format = "json") => format switch
    {
        "json" => TypedResults.Content(StatusJson.Write(reads.Sweeps(), runner: true), Json),
        "text" => TypedResults.Content(
            StatusText.Write(reads.Sweeps(), WhyIdle(reads, [.. workers.All().Where(worker => worker.IsAliveAt(clock.GetUtcNow()))]) is { } why ? _ => why : null), Text),
        _ => throw new InputException($"there is no format {format}: give json or text"),
    };

    private static string? WhyIdle(IJobReads reads, IReadOnlyList<WorkerInfo> alive) => alive.Count == 0 ? "no worker is here: start one with ser worker"
        : alive.All(worker => worker.Draining) ? "every worker drains or is in quarantine: GET /api/workers says why"
        : ReadyNeeds.Nobody(reads.ReadyNeeds(), alive);

    private static JsonHttpResult<SweepView> Show(string name, IJobReads reads, bool attempts = false)
    {
        var sweep = Find(reads, name);
        return TypedResults.Json(new SweepView(sweep.Name, sweep.State, sweep.Jobs, attempts ? sweep.Jobs.ToDictionary(job => job.Id, job => reads.Attempts(job.Id)) : null), ApiJson.Options);
    }

    private static FileStreamHttpResult Exported(string name, IJobReads reads, IArtifactStore artifacts, bool weights = false)
    {
        Find(reads, name);
        string folder = Directory.CreateTempSubdirectory("ser-bundle-").FullName;
        string path = Path.Combine(folder, "bundle.zip");
        try
        {
            BundleWriter.Write(reads, artifacts, name, path, weights);

            // Opened first: on the systems that a scheduler runs on an open file outlives its name.
            return TypedResults.Stream(File.OpenRead(path), "application/zip", $"{name}.zip");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static ContentHttpResult Results(string name, IJobReads reads, IArtifactStore artifacts, string format = "json")
    {
        Find(reads, name);
        string text = ResultsText.Write(StoredResults.Of(reads, artifacts, name), format);
        return TypedResults.Content(text, format == "json" ? Json : Text);
    }
}
