using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Ser.Authentication;

namespace Ser.Dashboard.Authentication;

/// <summary>
/// Middleware that refuses requests to an unknown host name (DNS rebinding) or from pages of other sites (cross-site requests), and
/// adds a content security policy under which a page neither loads from nor sends to another host.
/// </summary>
internal sealed class SecurityMiddleware(DashboardSettings settings, ILogger<SecurityMiddleware> log)
{
    // MudBlazor and ECharts set inline styles, hence style-src 'unsafe-inline'. Scripts are neither inline nor evaluated from text.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self'; "
        + "font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        // With no-referrer a browser would omit the origin of a form's page, which the check below needs.
        headers["Referrer-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = Policy;
        if (!RequestOrigin.IsAllowedHost(context.Request, settings.Hosts))
        {
            string hosts = string.Join(" or ", settings.Hosts);
            string message = $"this dashboard does not accept that host name: use {hosts} or the IP address, "
                + "or add the name to Dashboard:Hosts";
            await RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, message);
            return;
        }

        if (!RequestOrigin.IsSameOrigin(context.Request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "pages of other sites may not send requests to this dashboard");
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception error) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            log.LogError(error, "{Method} {Path} failed", context.Request.Method, context.Request.Path.ToUriComponent());
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, "unexpected error; the dashboard's log has the details");
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }
}
