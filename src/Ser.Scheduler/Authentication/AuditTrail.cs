using Ser.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Scheduler.Api;

namespace Ser.Scheduler.Authentication;

/// <summary>What an act was done to, where its address does not say.</summary>
/// <param name="Text">Ids.</param>
internal sealed record AuditNote(string Text);

/// <summary>Writes down every act: into the log, and into the store for the dashboard.</summary>
internal sealed class AuditTrail(IJobStore jobs, TimeProvider clock, ILogger<AuditTrail> log)
{
    private const int LongestReason = 1000;

    /// <summary>Writes one act down.</summary>
    /// <param name="who">Name of the token; null: nobody known, who fills no table.</param>
    /// <param name="context">What was asked for.</param>
    /// <param name="status">What it came to.</param>
    public async Task WriteAsync(string? who, HttpContext context, int status)
    {
        var request = context.Request;
        string given = request.Headers[ApiProtocol.ReasonHeader].ToString();
        given = given.Length > LongestReason ? given[..LongestReason] : given;

        // Path and reason stay percent-encoded, so that neither writes lines of its own.
        log.LogInformation("audit: {Who} from {Address}: {Method} {Path}: {Status}{Why}", who ?? "?", context.Connection.RemoteIpAddress, request.Method, request.Path.ToUriComponent(), status, given.Length == 0 ? "" : $" because: {given}");
        if (who is null || request.Path.StartsWithSegments("/api/inputs"))
        {
            return; // a submission uploads thousands of files and is one act
        }

        var entry = new AuditEntry(
            clock.GetUtcNow(), who, context.Connection.RemoteIpAddress?.ToString(), What(request.Method, request.Path.Value ?? ""), status,
            given.Length == 0 ? null : Uri.UnescapeDataString(given), context.Features.Get<AuditNote>()?.Text);
        try
        {
            await Task.Run(() => jobs.Record(entry));
        }
        catch (StorageException away)
        {
            log.LogWarning("an act could not be written into the store's audit: {Why}", away.Message);
        }
    }

    /// <summary>An act in words: retry job …, cancel sweep ….</summary>
    internal static string What(string method, string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["api", "sweeps"] => "submit sweep",
        ["api", "sweeps", var name, var verb] => $"{verb} sweep {name}",
        ["api", "jobs", var verb] => $"{verb} jobs",
        ["api", "jobs", var id, var verb] => $"{verb} job {id}",
        ["api", "schedules", var name] => $"forget schedule {name}",
        ["hangfire", .. var rest] => $"clock {string.Join('/', rest)}",
        ["api", "workers", var name, var verb] => $"{verb} worker {name}",
        _ => $"{method} {path}",
    };
}
