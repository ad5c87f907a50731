using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Ser.Client;

namespace Ser.Scheduler.Api;

/// <summary>Recordings and weights files, by digest.</summary>
internal static class Inputs
{
    /// <summary>Bytes of the largest file: more than any published encoder has.</summary>
    public const long Largest = 16L << 30;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapMethods("/inputs/{sha256}", ["HEAD"], Has).WithSummary("Whether a file is here: 200 or 404").WithTags("Inputs");
        api.MapPut("/inputs/{sha256}", PutAsync).Accepts<Stream>("application/octet-stream").WithSummary("Uploads a file; it is kept whole, under its digest, or not at all").WithTags("Inputs");
        api.MapPost("/inputs/missing", (InputDigests asked, InputShelf shelf) => TypedResults.Json(
            new InputDigests([.. (asked.Digests ?? []).Distinct().Where(digest => !shelf.Has(digest))]), ApiJson.Options))
            .WithSummary("Which of these files are not here").WithTags("Inputs");
    }

    private static IResult Has(string sha256, InputShelf shelf) => shelf.Has(sha256) ? TypedResults.Ok() : TypedResults.NotFound();

    private static async Task<IResult> PutAsync(string sha256, HttpRequest request, InputShelf shelf, CancellationToken stop)
    {
        if (!InputShelf.IsDigest(sha256))
        {
            throw new ApiProblem(StatusCodes.Status400BadRequest, "No digest", "the name of an input is the SHA-256 of its bytes: 64 lower-case hexadecimal digits");
        }

        if (shelf.Has(sha256))
        {
            return TypedResults.NoContent();
        }

        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = Largest;
        await shelf.PutAsync(sha256, request.Body, stop);
        return TypedResults.Created();
    }
}
