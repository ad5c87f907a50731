using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Ser.Scheduler.Api;

namespace Ser.Scheduler.Doors;

/// <summary>
/// Who may pass: the host that was asked for must be this one (a page of elsewhere cannot rebind a name to it), a browser must come from this page, and what lies under /api and /metrics wants a
/// token unless the scheduler listens on loopback alone and no token exists. Viewers look; operators act, and every act is written down.
/// </summary>
internal sealed class DoorKeeper(TokenFile tokens, ApiSettings settings, ILogger<DoorKeeper> log)
{
    private const string Scheme = "Bearer ";
    private const string NoName = "anyone on this machine";

    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        RefuseForeignHost(context.Request);
        RefuseForeignPage(context.Request);
        Protect(context.Response.Headers);
        if (!context.Request.Path.StartsWithSegments("/api") && !context.Request.Path.StartsWithSegments("/metrics"))
        {
            await next(context);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        bool acts = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        if (!acts)
        {
            Enter(context, Role.Viewer);
            await next(context);
            return;
        }

        string who = "?";
        try
        {
            who = Enter(context, Role.Operator);
            await next(context);
            Audit(who, context, context.Response.StatusCode);
        }
        catch (Exception refused)
        {
            Audit(who, context, ErrorPages.StatusOf(refused));
            throw;
        }
    }

    private string Enter(HttpContext context, Role needed)
    {
        string sent = context.Request.Headers.Authorization.ToString();
        if (!sent.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return sent.Length == 0 && settings.IsLoopback && tokens.All().Count == 0 ? NoName : throw Unknown(context, "this scheduler wants a token: give one as Authorization: Bearer TOKEN (ser: SER_TOKEN or --token-file); ser token create makes one");
        }

        if (settings.IsLoopback && tokens.All().Count == 0)
        {
            return NoName; // a token of another scheduler does no harm where none is wanted
        }

        var holder = tokens.Find(sent[Scheme.Length..].Trim())
            ?? throw Unknown(context, "this scheduler does not know the token: it was revoked, or is of another scheduler; ser token list says whose there are");
        return holder.Role >= needed
            ? holder.Name
            : throw new ApiProblem(StatusCodes.Status403Forbidden, "Not an operator", $"the token of {holder.Name} is a viewer's, which only looks: use an operator's (ser token create --role operator)");
    }

    private static ApiProblem Unknown(HttpContext context, string detail)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return new ApiProblem(StatusCodes.Status401Unauthorized, "No entry without a token", detail);
    }

    // An address cannot be rebound to another machine; a name can.
    private void RefuseForeignHost(HttpRequest request)
    {
        string host = request.Host.Host;
        if (!IPAddress.TryParse(host.Trim('[', ']'), out _) && !settings.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase))
        {
            throw new ApiProblem(StatusCodes.Status421MisdirectedRequest, "Another host", $"this scheduler does not go by that name: ask for {string.Join(" or ", settings.Hosts)} or its address, or add the name to Scheduler:Hosts");
        }
    }

    private static void RefuseForeignPage(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ApiProblem(StatusCodes.Status403Forbidden, "Another page", "a page of another site may not use this scheduler");
        }
    }

    private static void Protect(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";

        // Nothing of the page of the API comes from elsewhere, and nothing goes there.
        headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    }

    // Escaped by the path itself, so that a name cannot write lines of its own.
    private void Audit(string who, HttpContext context, int status) => log.LogInformation(
        "audit: {Who} from {Address}: {Method} {Path}: {Status}", who, context.Connection.RemoteIpAddress, context.Request.Method, context.Request.Path.ToUriComponent(), status);
}
