using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Ser.Dashboard.Authentication;
using Ser.Domain;

namespace Ser.Dashboard.Authentication;

/// <summary>The endpoints for signing in and out.</summary>
internal static class SignInEndpoints
{
    public const string Path = "/sign-in";
    public const string LinkPath = "/enter";
    public const string NoRole = "no-role", NotSignedIn = "not-signed-in";

    private static readonly Dictionary<string, string> Explanations = new()
    {
        [NoRole] = "You are known to the provider, but none of your roles grants access to this dashboard. "
            + "Ask its administrator for a role.",
        [NotSignedIn] = "Sign-in at the provider failed. Try again; the dashboard's log has the details.",
    };

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(LinkPath, EnterAsync).AllowAnonymous();
        app.MapGet(Path, (string? to, string? why) => Page(Explanations.GetValueOrDefault(why ?? ""), to)).AllowAnonymous();
        app.MapPost(Path, TokenAsync).AllowAnonymous();
        app.MapPost("/sign-out", async (HttpContext context, [FromForm] string? to) =>
        {
            await context.SignOutAsync();
            return TypedResults.LocalRedirect(Path);
        });
    }

    private static async Task<IResult> EnterAsync(HttpContext context, string? code, SignInService entrance, ILoggerFactory logs)
    {
        if (entrance.SignInWithCode(code ?? "") is not { } visitor)
        {
            const string Used = "That link has been used or has expired with a restart. "
                + "A new link is printed to the terminal after each use.";
            return Page(Used, null);
        }

        await context.SignInAsync(visitor, new AuthenticationProperties { IsPersistent = true });
        string next = $"{context.Request.Scheme}://{context.Request.Host}{LinkPath}?code={entrance.CreateCode()}";
        logs.CreateLogger(typeof(SignInEndpoints)).LogInformation("the sign-in link was used; the next one: {Link}", next);
        return TypedResults.LocalRedirect("/");
    }

    private static async Task<IResult> TokenAsync(
        HttpContext context, [FromForm] string? token, [FromForm] string? to, SignInService entrance, CancellationToken stop)
    {
        try
        {
            var user = await entrance.SignInWithTokenAsync((token ?? "").Trim(), stop);
            await context.SignInAsync(user, new AuthenticationProperties { IsPersistent = true });
            return TypedResults.LocalRedirect(IsLocal(to) ? to! : "/");
        }
        catch (Exception refused) when (refused is InputException or StorageException)
        {
            return Page(refused.Message, to);
        }
    }

    /// <summary>
    /// Whether an address is a path of this dashboard. Browsers read // and /\ as the beginning of another host's address, and leave out
    /// tabs and line breaks before they do. Only printable ASCII may stand in a Location header; addresses have the rest percent-encoded.
    /// </summary>
    internal static bool IsLocal(string? to) =>
        to is { Length: > 0 }
        && to[0] == '/'
        && (to.Length == 1 || (to[1] is not '/' and not '\\'))
        && to.All(c => c is > ' ' and <= '~');

    private static RazorComponentResult<SignInPage> Page(string? problem, string? to) =>
        new(new { Problem = problem, To = to }) { StatusCode = problem is null ? 200 : 403 };
}
