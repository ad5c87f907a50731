using Ser.Client;
using System.Text;
using Microsoft.AspNetCore.Http;
using Ser.Authentication;
using Ser.Scheduler.Api;

namespace Ser.Scheduler.Authentication;

/// <summary>
/// Who may pass: the host that was asked for must be this one (a page of elsewhere cannot rebind a name to it), a browser must come from this page, and what lies under /api and /metrics wants a
/// token unless the scheduler listens on loopback alone and no token exists. Viewers look; operators act, and every act is written down.
/// </summary>
internal sealed class DoorKeeper(TokenFile tokens, ApiSettings settings, AuditTrail audit)
{
    /// <summary>Hangfire's own pages, for operators.</summary>
    internal const string Clock = "/hangfire";

    private const string Scheme = "Bearer ", Form = "Basic ";
    private const int LongestPerson = 100;
    private const string NoName = "anyone on this machine";

    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (!Addressee.IsHost(context.Request, settings.Hosts))
        {
            throw new ApiProblem(StatusCodes.Status421MisdirectedRequest, "Another host", $"this scheduler does not go by that name: ask for {string.Join(" or ", settings.Hosts)} or its address, or add the name to Scheduler:Hosts");
        }

        if (!Addressee.IsOwnPage(context.Request))
        {
            throw new ApiProblem(StatusCodes.Status403Forbidden, "Another page", "a page of another site may not use this scheduler");
        }

        Protect(context.Response.Headers);
        if (!context.Request.Path.StartsWithSegments("/api") && !context.Request.Path.StartsWithSegments("/metrics") && !context.Request.Path.StartsWithSegments(Clock))
        {
            await next(context);
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        bool isClock = context.Request.Path.StartsWithSegments(Clock);
        bool acts = !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method);
        if (!acts)
        {
            Enter(context, isClock ? Role.Operator : Role.Viewer);
            await next(context);
            return;
        }

        string? who = null;
        try
        {
            who = Enter(context, Role.Operator);
            await next(context);
            await audit.WriteAsync(who, context, context.Response.StatusCode);
        }
        catch (Exception refused)
        {
            await audit.WriteAsync(who ?? context.Features.Get<Visitor>()?.Name, context, ErrorPages.StatusOf(refused));
            throw;
        }
    }

    private string Enter(HttpContext context, Role needed)
    {
        var visitor = Visitor(context);
        context.Features.Set(visitor);
        return visitor.Role >= needed
            ? visitor.Name
            : throw new ApiProblem(StatusCodes.Status403Forbidden, "Not an operator", $"the token of {visitor.Name} is a viewer's, which only looks: use an operator's (ser token create --role operator)");
    }

    private Visitor Visitor(HttpContext context)
    {
        string sent = context.Request.Headers.Authorization.ToString();
        bool open = settings.IsLoopback && tokens.All().Count == 0;
        string? token = Token(context, sent);
        bool has = token is not null;
        if (has && tokens.Find(token!) is { } holder)
        {
            return new Visitor(NameOf(context, holder), holder.Role, open);
        }

        if (context.Request.Headers.ContainsKey(ApiProtocol.ForHeader))
        {
            throw NotForOthers("this request has no token that may");
        }

        // A token of another scheduler does no harm where none is wanted.
        return open && (has || sent.Length == 0) ? new Visitor(NoName, Role.Operator, open)
            : throw Unknown(context, has
                ? "this scheduler does not know the token: it was revoked, or is of another scheduler; ser token list says whose there are"
                : "this scheduler wants a token: give one as Authorization: Bearer TOKEN (ser: SER_TOKEN or --token-file); ser token create makes one");
    }

    // The person, and through whom: the scheduler has it from a dashboard's word alone.
    private static string NameOf(HttpContext context, TokenEntry holder)
    {
        if (!context.Request.Headers.TryGetValue(ApiProtocol.ForHeader, out var given))
        {
            return holder.Name;
        }

        string person = Uri.UnescapeDataString(given.ToString());
        return !holder.ForOthers ? throw NotForOthers($"the token of {holder.Name} may not")
            : person.Length is 0 or > LongestPerson || person.Any(char.IsControl) ? throw NotForOthers($"that is no name of at most {LongestPerson} letters")
            : $"{person} through {holder.Name}";
    }

    private static ApiProblem NotForOthers(string why) => new(
        StatusCodes.Status403Forbidden, "Not for others", $"the request says on whose behalf it is ({ApiProtocol.ForHeader}), and {why}: ser token create --role operator --for-others makes one for a dashboard");

    // A browser asks for a name and a password: any name, and the token.
    private static string? Token(HttpContext context, string sent)
    {
        if (sent.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return sent[Scheme.Length..].Trim();
        }

        Span<byte> pair = stackalloc byte[512];
        return context.Request.Path.StartsWithSegments(Clock) && sent.StartsWith(Form, StringComparison.OrdinalIgnoreCase) && Convert.TryFromBase64String(sent[Form.Length..].Trim(), pair, out int length)
            && Encoding.UTF8.GetString(pair[..length]).Split(':', 2) is [_, var password]
            ? password
            : null;
    }

    private static ApiProblem Unknown(HttpContext context, string detail)
    {
        context.Response.Headers.WWWAuthenticate = context.Request.Path.StartsWithSegments(Clock) ? "Basic realm=\"ser: an operator's token as the password\"" : "Bearer";
        return new ApiProblem(StatusCodes.Status401Unauthorized, "No entry without a token", detail);
    }

    private static void Protect(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";

        // Nothing of the page of the API comes from elsewhere, and nothing goes there.
        headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    }
}
