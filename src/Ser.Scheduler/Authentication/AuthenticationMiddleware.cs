using System.Text;
using Microsoft.AspNetCore.Http;
using Ser.Authentication;
using Ser.Client;
using Ser.Scheduler.Api;

namespace Ser.Scheduler.Authentication;

/// <summary>
/// Middleware for authentication and authorization. Requests must be addressed to this host (against DNS rebinding) and must not come from
/// pages of other sites. Paths under /api and /metrics require a token, unless the scheduler listens on loopback only and no token exists.
/// Viewers may read; operators may also act. Every action is recorded in the audit log.
/// </summary>
internal sealed class AuthenticationMiddleware(TokenFile tokens, ApiSettings settings, AuditTrail audit)
{
    /// <summary>Path of Hangfire's dashboard, which only operators may use.</summary>
    internal const string HangfirePath = "/hangfire";

    private const string BearerPrefix = "Bearer ", BasicPrefix = "Basic ";
    private const int MaxPersonLength = 100;
    private const string AnonymousName = "anyone on this machine";

    private static readonly string[] ProtectedPaths = ["/api", "/metrics", HangfirePath];

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        RejectForeign(context.Request);
        SetSecurityHeaders(context.Response.Headers);
        var path = context.Request.Path;
        if (!ProtectedPaths.Any(prefix => path.StartsWithSegments(prefix)))
        {
            await next(context);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        bool isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (isRead)
        {
            Authorize(context, path.StartsWithSegments(HangfirePath) ? Role.Operator : Role.Viewer);
            await next(context);
            return;
        }

        string? who = null;
        try
        {
            who = Authorize(context, Role.Operator);
            await next(context);
            await audit.WriteAsync(who, context, context.Response.StatusCode);
        }
        catch (Exception error)
        {
            await audit.WriteAsync(who ?? context.Features.Get<Caller>()?.Name, context, ProblemDetailsMiddleware.StatusOf(error));
            throw;
        }
    }

    private void RejectForeign(HttpRequest request)
    {
        if (!RequestOrigin.IsAllowedHost(request, settings.Hosts))
        {
            throw new ApiProblem(
                StatusCodes.Status421MisdirectedRequest,
                "Unknown host",
                $"this scheduler does not have that host name: use {string.Join(" or ", settings.Hosts)} or its IP address, "
                + "or add the name to Scheduler:Hosts");
        }

        if (!RequestOrigin.IsSameOrigin(request))
        {
            throw new ApiProblem(StatusCodes.Status403Forbidden, "Cross-site request", "a page of another site may not use this scheduler");
        }
    }

    private string Authorize(HttpContext context, Role needed)
    {
        var caller = Authenticate(context);
        context.Features.Set(caller);
        if (caller.Role < needed)
        {
            throw new ApiProblem(
                StatusCodes.Status403Forbidden,
                "Not an operator",
                $"the token of {caller.Name} is a viewer's, which may only read: use an operator's (ser token create --role operator)");
        }

        return caller.Name;
    }

    private Caller Authenticate(HttpContext context)
    {
        string header = context.Request.Headers.Authorization.ToString();
        bool open = settings.IsLoopback && tokens.All().Count == 0;
        string? token = ReadToken(context, header);
        if (token is not null && tokens.Find(token) is { } holder)
        {
            return new Caller(NameOf(context, holder), holder.Role, open);
        }

        if (context.Request.Headers.ContainsKey(ApiProtocol.OnBehalfOfHeader))
        {
            throw NotOnBehalfOfOthers("this request has no token that allows it");
        }

        // If no token is required, the token of another scheduler is ignored.
        if (open && (token is not null || header.Length == 0))
        {
            return new Caller(AnonymousName, Role.Operator, open);
        }

        throw Unauthorized(context, token is null
            ? "this scheduler requires a token: send the header Authorization: Bearer TOKEN (with ser: SER_TOKEN or --token-file); "
                + "create one with ser token create"
            : "this scheduler does not know the token: it was revoked, or belongs to another scheduler; see ser token list");
    }

    // A dashboard names the person for whom it acts. The scheduler relies on the dashboard for that, so the audit log names both.
    private static string NameOf(HttpContext context, TokenEntry holder)
    {
        if (!context.Request.Headers.TryGetValue(ApiProtocol.OnBehalfOfHeader, out var given))
        {
            return holder.Name;
        }

        if (!holder.ForOthers)
        {
            throw NotOnBehalfOfOthers($"the token of {holder.Name} does not allow that");
        }

        string person = Uri.UnescapeDataString(given.ToString());
        if (person.Length is 0 or > MaxPersonLength || person.Any(char.IsControl))
        {
            throw NotOnBehalfOfOthers($"the name must have 1 to {MaxPersonLength} characters");
        }

        return $"{person} through {holder.Name}";
    }

    private static ApiProblem NotOnBehalfOfOthers(string why) => new(
        StatusCodes.Status403Forbidden,
        "Not on behalf of others",
        $"the request is made on behalf of another person ({ApiProtocol.OnBehalfOfHeader}), but {why}: "
        + "create a token for a dashboard with ser token create --role operator --for-others");

    // For Hangfire's dashboard the browser asks for a user name and a password. The password is the token; the name is ignored.
    private static string? ReadToken(HttpContext context, string header)
    {
        if (header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return header[BearerPrefix.Length..].Trim();
        }

        bool isBasic = header.StartsWith(BasicPrefix, StringComparison.OrdinalIgnoreCase);
        if (!isBasic || !context.Request.Path.StartsWithSegments(HangfirePath))
        {
            return null;
        }

        Span<byte> credentials = stackalloc byte[512];
        return Convert.TryFromBase64String(header[BasicPrefix.Length..].Trim(), credentials, out int length)
            && Encoding.UTF8.GetString(credentials[..length]).Split(':', 2) is [_, var password]
            ? password
            : null;
    }

    private static ApiProblem Unauthorized(HttpContext context, string detail)
    {
        bool isBrowser = context.Request.Path.StartsWithSegments(HangfirePath);
        context.Response.Headers.WWWAuthenticate = isBrowser ? "Basic realm=\"ser: an operator's token as the password\"" : "Bearer";
        return new ApiProblem(StatusCodes.Status401Unauthorized, "Token required", detail);
    }

    private static void SetSecurityHeaders(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";

        // The API's pages load nothing from other sites and send nothing to them.
        headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
            + "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    }
}
