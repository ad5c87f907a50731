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

/// <summary>The pages at the door.</summary>
internal static class SignIn
{
    public const string Path = "/sign-in";
    public const string Enter = "/enter";
    public const string NoRole = "no-role", NotSignedIn = "not-signed-in";

    private static readonly Dictionary<string, string> Why = new()
    {
        [NoRole] = "The provider knows you, but none of your roles means anything here: ask whoever runs this dashboard.",
        [NotSignedIn] = "The provider has signed nobody in. Try again; the dashboard's log says what it said.",
    };

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(Enter, EnterAsync).AllowAnonymous();
        app.MapGet(Path, (string? to, string? why) => Page(Why.GetValueOrDefault(why ?? ""), to)).AllowAnonymous();
        app.MapPost(Path, TokenAsync).AllowAnonymous();
        app.MapPost("/sign-out", async (HttpContext context, [FromForm] string? to) =>
        {
            await context.SignOutAsync();
            return TypedResults.LocalRedirect(Path);
        });
    }

    private static async Task<IResult> EnterAsync(HttpContext context, string? code, Entrance entrance, ILoggerFactory logs)
    {
        if (entrance.ByCode(code ?? "") is not { } visitor)
        {
            return Page("That link has been used, or is of an earlier start. A new one is printed each time one is used: see the terminal.", null);
        }

        await context.SignInAsync(visitor, new AuthenticationProperties { IsPersistent = true });
        logs.CreateLogger(typeof(SignIn)).LogInformation("somebody came by the link; the next one: {Link}", $"{context.Request.Scheme}://{context.Request.Host}{Enter}?code={entrance.NewCode()}");
        return TypedResults.LocalRedirect("/");
    }

    private static async Task<IResult> TokenAsync(HttpContext context, [FromForm] string? token, [FromForm] string? to, Entrance entrance, CancellationToken stop)
    {
        try
        {
            await context.SignInAsync(await entrance.ByTokenAsync((token ?? "").Trim(), stop), new AuthenticationProperties { IsPersistent = true });
            return TypedResults.LocalRedirect(IsLocal(to) ? to! : "/");
        }
        catch (Exception refused) when (refused is InputException or StorageException)
        {
            return Page(refused.Message, to);
        }
    }

    /// <summary>Whether an address is one of this dashboard.</summary>
    internal static bool IsLocal(string? to) => to is { Length: > 0 } && to[0] == '/' && (to.Length == 1 || (to[1] is not '/' and not '\\'));

    private static RazorComponentResult<SignInPage> Page(string? problem, string? to) => new(new { Problem = problem, To = to }) { StatusCode = problem is null ? 200 : 403 };
}
