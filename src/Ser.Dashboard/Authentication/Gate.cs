using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Ser.Authentication;

namespace Ser.Dashboard.Authentication;

/// <summary>What every answer has and every request must: the dashboard's own name, a page of its own, and a policy under which nothing comes from elsewhere or goes there.</summary>
internal sealed class Gate(DashboardSettings settings, ILogger<Gate> log)
{
    // MudBlazor and ECharts set styles of elements; no script is inline and none is made from text.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self'; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin"; // with no-referrer a browser does not say whose page a form is of
        headers.ContentSecurityPolicy = Policy;
        if (!Addressee.IsHost(context.Request, settings.Hosts))
        {
            await RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, $"this dashboard does not go by that name: ask for {string.Join(" or ", settings.Hosts)} or its address, or add the name to Dashboard:Hosts");
            return;
        }

        if (!Addressee.IsOwnPage(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "a page of another site may not use this dashboard");
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception error) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            log.LogError(error, "{Method} {Path} failed", context.Request.Method, context.Request.Path.ToUriComponent());
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, "this should not happen; the dashboard's log says where it did");
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string why)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why, context.RequestAborted);
    }
}
