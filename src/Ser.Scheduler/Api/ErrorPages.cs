using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Ser.Domain;

namespace Ser.Scheduler.Api;

/// <summary>Makes problem details (RFC 9457) of what was thrown. What was not foreseen is told to the log alone.</summary>
internal sealed class ErrorPages(ILogger<ErrorPages> log)
{
    public async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            int status = StatusOf(error);
            if (status >= StatusCodes.Status500InternalServerError)
            {
                log.LogError(error, "{Method} {Path} failed", context.Request.Method, context.Request.Path.ToUriComponent());
            }

            context.Response.StatusCode = status;
            await context.Response.WriteAsJsonAsync(
                new ProblemDetails { Status = status, Title = TitleOf(error), Detail = DetailOf(error), Instance = context.Request.Path.ToUriComponent() },
                (JsonSerializerOptions?)null, "application/problem+json", CancellationToken.None);
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
        BadHttpRequestException => "Not a request of this API",
        InputException => "Wrong input",
        StorageException => "The storage fails",
        _ => "Something unforeseen",
    };

    private static string DetailOf(Exception error) => error switch
    {
        ApiProblem or InputException or BadHttpRequestException => error.Message,
        StorageException => "the scheduler cannot read or write its storage now; nothing was changed, so ask again later (its log says more, and /health/ready which part it is)",
        _ => "this should not happen; the scheduler's log says where it did",
    };
}
