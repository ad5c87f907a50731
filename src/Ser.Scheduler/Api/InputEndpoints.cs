using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Ser.Client;

namespace Ser.Scheduler.Api;

/// <summary>Endpoints for uploading recordings and weights files, by digest.</summary>
internal static class InputEndpoints
{
    /// <summary>Maximum size of a file in bytes: larger than any published encoder.</summary>
    public const long MaxFileBytes = 16L << 30;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapMethods("/inputs/{sha256}", ["HEAD"], Has)
            .WithSummary("Whether the scheduler has a file: 200 or 404").WithTags("Inputs");
        api.MapPut("/inputs/{sha256}", PutAsync).Accepts<Stream>("application/octet-stream")
            .WithSummary("Uploads a file. It is stored under its digest if it is complete").WithTags("Inputs");
        api.MapPost("/inputs/missing", FindMissing)
            .WithSummary("Which of these files the scheduler does not have").WithTags("Inputs");
    }

    private static IResult Has(string sha256, InputStore store) => store.Has(sha256) ? TypedResults.Ok() : TypedResults.NotFound();

    private static IResult FindMissing(InputDigests request, InputStore store)
    {
        var missing = (request.Digests ?? []).Distinct().Where(digest => !store.Has(digest));
        return TypedResults.Json(new InputDigests([.. missing]), ApiJson.Options);
    }

    private static async Task<IResult> PutAsync(string sha256, HttpRequest request, InputStore store, CancellationToken stop)
    {
        if (!InputStore.IsDigest(sha256))
        {
            throw new ApiProblem(
                StatusCodes.Status400BadRequest,
                "Invalid digest",
                "the name of an input must be the SHA-256 of its bytes: 64 lower-case hexadecimal digits");
        }

        if (store.Has(sha256))
        {
            return TypedResults.NoContent();
        }

        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxFileBytes;
        await store.PutAsync(sha256, request.Body, stop);
        return TypedResults.Created();
    }
}
