using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ser.Authentication;
using Ser.Client;
using Ser.Scheduler.Authentication;

namespace Ser.Scheduler.Api;

/// <summary>Endpoint for the authenticated caller.</summary>
internal static class CallerEndpoint
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/me", Show).WithSummary("The caller: the name and the role of the token").WithTags("Authentication");

    private static IResult Show(HttpContext context) =>
        TypedResults.Json(context.Features.Get<Caller>()!, ApiJson.Options);
}
