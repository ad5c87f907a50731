using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ser.Domain;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Storage.Artifacts;

namespace Ser.Dashboard.Downloads;

/// <summary>
/// Downloads files of accepted results. Only names listed in the verified manifest are opened, so a request cannot reach other paths.
/// </summary>
internal static class ArtifactDownload
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet(
            "/jobs/{id}/files/{**name}",
            (string id, string name, IJobReads reads, IArtifactStore artifacts) => Task.Run(() => Send(id, name, reads, artifacts)));

    private static IResult Send(string id, string name, IJobReads reads, IArtifactStore artifacts)
    {
        try
        {
            var job = reads.Job(id);
            if (job.Result is not { } result)
            {
                return ErrorResponse.Create(StatusCodes.Status404NotFound, $"{job.Title}, {job.Stage} has no accepted result yet.");
            }

            var manifest = artifacts.ReadManifest(result);
            if (manifest.Files.FirstOrDefault(file => file.Name == name) is not { } file)
            {
                string names = string.Join(", ", manifest.Files.Select(file => file.Name));
                string message = $"The result of {job.Title}, {job.Stage} has no file named {name}. Its files are: {names}.";
                return ErrorResponse.Create(StatusCodes.Status404NotFound, message);
            }

            string path = Path.Combine(artifacts.Open(result), file.Name);
            string downloadName = $"{job.Id[..12]}-{Path.GetFileName(file.Name)}";
            return TypedResults.PhysicalFile(path, "application/octet-stream", downloadName, enableRangeProcessing: true);
        }
        catch (InputException unknown)
        {
            return ErrorResponse.Create(StatusCodes.Status404NotFound, unknown.Message);
        }
        catch (StorageException unavailable)
        {
            return ErrorResponse.Create(StatusCodes.Status410Gone, unavailable.Message);
        }
    }
}
