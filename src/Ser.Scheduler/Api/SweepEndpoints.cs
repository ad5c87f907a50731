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

/// <summary>Endpoints for sweeps.</summary>
internal static class SweepEndpoints
{
    /// <summary>Maximum size of a decompressed submission in bytes: ten times what 30,000 jobs take.</summary>
    public const long MaxRequestBytes = 400L << 20;

    private const int DefaultPage = 30, MaxPage = 1_000;
    private const string Text = "text/plain; charset=utf-8";
    private const string Json = "application/json; charset=utf-8";

    public static void Map(IEndpointRouteBuilder api)
    {
        var sweeps = api.MapGroup("/sweeps").WithTags("Sweeps");
        sweeps.MapPost("", PostAsync)
            .Accepts<SubmittedSweep>("application/json")
            .WithMetadata(new RequestSizeLimitAttribute(MaxRequestBytes))
            .WithSummary("Submits a planned sweep, optionally gzipped. Submitting the same name again retries its failed jobs");
        sweeps.MapGet("", All)
            .WithSummary("The newest sweeps and older ones with open jobs, as `ser status --json` prints them; "
                + "skip= and take= (at most 1000): further pages; format=text: as `ser status` does");
        sweeps.MapGet("/{name}", Show)
            .WithSummary("A sweep with its jobs; attempts=true: with their attempts");
        sweeps.MapGet("/{name}/results", Results)
            .WithSummary("The result tables: format=json (the default), table, csv, markdown or latex");
        sweeps.MapGet("/{name}/bundle", Export)
            .WithSummary("The sweep as a bundle, as ser export writes it; weights=true: with models and datastores");
        sweeps.MapGet("/{name}/events", SweepEvents.Stream)
            .WithSummary("Server-sent events: first all jobs, then changed jobs, until the sweep has ended");
        sweeps.MapPost("/{name}/resume", Resume)
            .WithSummary("Resumes a sweep: retries its failed and cancelled jobs; parked=true: also continues eliminated arms");
        sweeps.MapPost("/{name}/cancel", Cancel)
            .WithSummary("Cancels the sweep's jobs that no other sweep needs; results and checkpoints stay");
    }

    /// <summary>Returns the sweep with this name.</summary>
    /// <exception cref="ApiProblem">There is no such sweep; the message names the nearest one.</exception>
    public static SweepSnapshot Find(IJobReads reads, string name)
    {
        if (reads.FindSweep(name) is { } sweep)
        {
            return sweep;
        }

        string? nearest = Spelling.Nearest(name, reads.SweepNames());
        throw new ApiProblem(
            StatusCodes.Status404NotFound,
            "No such sweep",
            $"there is no sweep named {name}: {(nearest is null ? "there are none yet" : $"the nearest is {nearest}")}");
    }

    private static async Task<JsonHttpResult<SubmissionResponse>> PostAsync(
        HttpRequest request, RemoteSubmission submission, CancellationToken stop)
    {
        var sweep = await ReadAsync(request, stop);
        string? owner = request.HttpContext.Features.Get<Caller>()?.Name;
        return TypedResults.Json(submission.Submit(sweep, owner), ApiJson.Options);
    }

    private static async Task<SubmittedSweep> ReadAsync(HttpRequest request, CancellationToken stop)
    {
        const string Title = "Invalid submission";
        SubmittedSweep? sweep;
        try
        {
            sweep = await JsonSerializer.DeserializeAsync<SubmittedSweep>(request.Body, ApiJson.Options, stop);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidDataException)
        {
            throw new ApiProblem(
                StatusCodes.Status400BadRequest,
                Title,
                $"the body is not a submission: {wrong.Message} (use `ser submit`; /openapi/v1.json describes the format)");
        }

        return sweep ?? throw new ApiProblem(StatusCodes.Status400BadRequest, Title, "the body is null");
    }

    private static JsonHttpResult<ResumeResponse> Resume(
        string name, ISweepCommands sweeps, IParkedJobs parkedJobs, IJobReads reads, bool parked = false)
    {
        var sweep = Find(reads, name);
        int revived = sweeps.ResumeSweep(name);
        int promoted = parked ? ParkedJobs.PromoteAll(parkedJobs, reads.Sweep(name)) : 0;
        return TypedResults.Json(new ResumeResponse(sweep.Name, revived + promoted), ApiJson.Options);
    }

    private static JsonHttpResult<CancelResponse> Cancel(string name, ISweepCommands sweeps, IJobReads reads)
    {
        var sweep = Find(reads, name);
        return TypedResults.Json(new CancelResponse(sweep.Name, sweeps.CancelSweep(name), Asked: false), ApiJson.Options);
    }

    private static ContentHttpResult All(
        IJobReads reads,
        IWorkerRegistry workers,
        TimeProvider clock,
        string format = "json",
        int skip = 0,
        int take = DefaultPage)
    {
        if (skip < 0 || take is < 1 or > MaxPage)
        {
            throw new InputException($"skip must be at least 0, and take from 1 to {MaxPage}");
        }

        var page = reads.RecentSweeps(skip, take);
        switch (format)
        {
            case "json":
                return TypedResults.Content(StatusJson.Write(page.Sweeps, runner: true, page.IsComplete ? null : page.Total), Json);
            case "text":
                var now = clock.GetUtcNow();
                string? idle = WhyIdle(reads, [.. workers.All().Where(worker => worker.IsAliveAt(now))]);
                return TypedResults.Content(StatusText.Write(page.Sweeps, idle is null ? null : _ => idle) + DescribeRest(page), Text);
            default:
                throw new InputException($"there is no format {format}: give json or text");
        }
    }

    private static string DescribeRest(SweepPage page) => page.Total <= page.Sweeps.Count
        ? ""
        : $"{page.Sweeps.Count} of {page.Total} sweeps; GET /api/sweeps?skip= and take= list the others\n";

    private static string? WhyIdle(IJobReads reads, IReadOnlyList<WorkerInfo> alive) =>
        alive.Count == 0 ? "there are no workers: start one with ser worker"
        : alive.All(worker => worker.Draining) ? "every worker is draining or in quarantine: see GET /api/workers"
        : WorkerMatching.DescribeUnmetNeeds(reads.ReadyNeeds(), alive);

    private static JsonHttpResult<SweepView> Show(string name, IJobReads reads, bool attempts = false)
    {
        var sweep = Find(reads, name);
        var attemptsOf = attempts ? ReadAttempts(reads, sweep) : null;
        return TypedResults.Json(new SweepView(sweep.Name, sweep.State, sweep.Jobs, attemptsOf), ApiJson.Options);
    }

    private static Dictionary<string, IReadOnlyList<AttemptRecord>> ReadAttempts(IJobReads reads, SweepSnapshot sweep)
    {
        var attempts = reads.AttemptsByJob([.. sweep.Jobs.Select(job => job.Id)], withLogs: true);
        return sweep.Jobs.ToDictionary(job => job.Id, IReadOnlyList<AttemptRecord> (job) => [.. attempts[job.Id]]);
    }

    private static FileStreamHttpResult Export(string name, IJobReads reads, IArtifactStore artifacts, bool weights = false)
    {
        Find(reads, name);
        string folder = Directory.CreateTempSubdirectory("ser-bundle-").FullName;
        string path = Path.Combine(folder, "bundle.zip");
        try
        {
            BundleWriter.Write(reads, artifacts, name, path, weights);

            // The file is opened before it is deleted: on Linux and macOS an open file stays readable.
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
        string text = ResultsText.Write(StoredResults.Compute(reads, artifacts, name), format);
        return TypedResults.Content(text, format == "json" ? Json : Text);
    }
}
