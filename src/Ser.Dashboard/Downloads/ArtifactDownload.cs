using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Artifacts;

namespace Ser.Dashboard.Downloads;

/// <summary>Files of accepted results. Only names that the verified manifest has are looked for, so none leads elsewhere.</summary>
internal static class ArtifactDownload
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/jobs/{id}/files/{**name}", (string id, string name, IJobReads reads, IArtifactStore artifacts) => Task.Run(() => Send(id, name, reads, artifacts)));

    private static IResult Send(string id, string name, IJobReads reads, IArtifactStore artifacts)
    {
        try
        {
            var job = reads.Job(id);
            if (job.Result is not { } result)
            {
                return Refusal.Of(StatusCodes.Status404NotFound, $"{job.Title}, {job.Stage} has no accepted result yet.");
            }

            var manifest = artifacts.ManifestOf(result);
            return manifest.Files.FirstOrDefault(file => file.Name == name) is { } known
                ? TypedResults.PhysicalFile(Path.Combine(artifacts.Open(result), known.Name), "application/octet-stream", $"{job.Id[..12]}-{Path.GetFileName(known.Name)}", enableRangeProcessing: true)
                : Refusal.Of(StatusCodes.Status404NotFound, $"The result of {job.Title}, {job.Stage} has no file of that name; it has {string.Join(", ", manifest.Files.Select(file => file.Name))}.");
        }
        catch (InputException unknown)
        {
            return Refusal.Of(StatusCodes.Status404NotFound, unknown.Message);
        }
        catch (StorageException gone)
        {
            return Refusal.Of(StatusCodes.Status410Gone, gone.Message);
        }
    }
}
