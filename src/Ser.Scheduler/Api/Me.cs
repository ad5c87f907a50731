using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Ser.Authentication;
using Ser.Client;
using Ser.Scheduler.Authentication;

namespace Ser.Scheduler.Api;

/// <summary>Whoever asks.</summary>
internal static class Me
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/me", (HttpContext context) => TypedResults.Json(context.Features.Get<Visitor>()!, ApiJson.Options)).WithSummary("Whose token this is, and what it allows").WithTags("Doors");
}
