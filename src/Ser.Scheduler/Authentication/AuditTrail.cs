using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Scheduler.Api;

namespace Ser.Scheduler.Authentication;

/// <summary>Request feature with the targets of an action, for requests whose path does not name them.</summary>
/// <param name="Text">Ids.</param>
internal sealed record AuditNote(string Text);

/// <summary>Records every action in the log and in the store's audit log.</summary>
internal sealed class AuditTrail(IAuditLog audit, TimeProvider clock, ILogger<AuditTrail> log)
{
    private const int MaxReasonLength = 1000;

    /// <summary>Records an action.</summary>
    /// <param name="who">Name of the token; null for an unknown caller, whose requests go to the log only.</param>
    /// <param name="context">The request.</param>
    /// <param name="status">HTTP status of the response.</param>
    public async Task WriteAsync(string? who, HttpContext context, int status)
    {
        var request = context.Request;
        var address = context.Connection.RemoteIpAddress;
        string reason = request.Headers[ApiProtocol.ReasonHeader].ToString();
        reason = reason.Length > MaxReasonLength ? reason[..MaxReasonLength] : reason;

        // Path and reason stay percent-encoded, so that they cannot inject lines into the log.
        log.LogInformation(
            "audit: {Who} from {Address}: {Method} {Path}: {Status}{Why}",
            who ?? "?", address, request.Method, request.Path.ToUriComponent(), status, reason.Length == 0 ? "" : $" because: {reason}");

        // A submission may upload thousands of files, but is a single action.
        if (who is null || request.Path.StartsWithSegments("/api/inputs"))
        {
            return;
        }

        string action = DescribeAction(request.Method, request.Path.Value ?? "");
        string? why = reason.Length == 0 ? null : Uri.UnescapeDataString(reason);
        string? detail = context.Features.Get<AuditNote>()?.Text;
        var entry = new AuditEntry(clock.GetUtcNow(), who, address?.ToString(), action, status, why, detail);
        try
        {
            await Task.Run(() => audit.RecordAudit(entry));
        }
        catch (StorageException away)
        {
            log.LogWarning("an action could not be recorded in the store's audit log: {Why}", away.Message);
        }
    }

    /// <summary>Describes an action in words, such as "retry job …" or "cancel sweep …".</summary>
    internal static string DescribeAction(string method, string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["api", "sweeps"] => "submit sweep",
        ["api", "sweeps", var name, var verb] => $"{verb} sweep {name}",
        ["api", "jobs", var verb] => $"{verb} jobs",
        ["api", "jobs", var id, var verb] => $"{verb} job {id}",
        ["api", "schedules", var name] => $"delete schedule {name}",
        ["hangfire", .. var rest] => $"recurring jobs {string.Join('/', rest)}",
        ["api", "workers", var name, var verb] => $"{verb} worker {name}",
        _ => $"{method} {path}",
    };
}
