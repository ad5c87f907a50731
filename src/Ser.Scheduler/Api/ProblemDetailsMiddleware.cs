using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Ser.Domain;

namespace Ser.Scheduler.Api;

/// <summary>Middleware that converts exceptions to problem details (RFC 9457). Details of unexpected errors go to the log only.</summary>
internal sealed class ProblemDetailsMiddleware(ILogger<ProblemDetailsMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has disconnected, so there is no response to write.
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            int status = StatusOf(error);
            if (status >= StatusCodes.Status500InternalServerError)
            {
                log.LogError(error, "{Method} {Path} failed", context.Request.Method, context.Request.Path.ToUriComponent());
            }

            context.Response.StatusCode = status;
            var problem = new ProblemDetails
            {
                Status = status,
                Title = TitleOf(error),
                Detail = DetailOf(error),
                Instance = context.Request.Path.ToUriComponent(),
            };
            JsonSerializerOptions? defaultOptions = null;
            await context.Response.WriteAsJsonAsync(problem, defaultOptions, "application/problem+json", CancellationToken.None);
        }
    }

    internal static int StatusOf(Exception error) => error switch
    {
        ApiProblem problem => problem.Status,
        BadHttpRequestException bad => bad.StatusCode,
        InputException => StatusCodes.Status422UnprocessableEntity,
        StorageException => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private static string TitleOf(Exception error) => error switch
    {
        ApiProblem problem => problem.Title,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => "Too large",
        BadHttpRequestException => "Invalid request",
        InputException => "Invalid input",
        StorageException => "Storage unavailable",
        _ => "Internal error",
    };

    private static string DetailOf(Exception error) => error switch
    {
        ApiProblem or InputException or BadHttpRequestException => error.Message,
        StorageException => "the scheduler cannot read or write its storage; nothing was changed, so try again later "
            + "(see its log for details, and /health/ready for the failing part)",
        _ => "an unexpected error occurred; see the scheduler's log for details",
    };
}
