using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Client;
using Ser.Domain;
using Ser.Domain.Jobs;

namespace Ser.Scheduler.Webhooks;

/// <summary>
/// Notifies webhooks of the end of sweeps with a POST of <see cref="EndedSweep"/>. A notification is repeated, after increasing pauses
/// and for at most a day, until the webhook responds with success, so a webhook may be notified of the same end more than once. With a
/// secret, the header Ser-Signature is "sha256=" and the hexadecimal HMAC-SHA256 of the header Ser-Time, a dot and the body.
/// </summary>
public sealed class Webhooks(
    ISweepNotifications notifications,
    IJobReads reads,
    IReadOnlyList<Webhook> hooks,
    FailureIsolation isolation,
    SchedulerTimings timings,
    TimeProvider clock,
    ILogger<Webhooks> log) : BackgroundService
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = timings.WebhookTimeout };
    private readonly Dictionary<Notification, Failure> _failed = [];
    private readonly HashSet<Notification> _delivered = [];

    /// <summary>Sends all pending notifications.</summary>
    public async Task RunOnceAsync(CancellationToken stop)
    {
        double oldest = (clock.GetUtcNow() - timings.WebhookGiveUpAfter).ToUnixTimeSeconds();
        foreach (var sweep in reads.SweepsAwaitingNotification())
        {
            var notified = sweep.Ended < oldest ? [] : hooks;
            await isolation.RunAsync("notification", sweep.Name, () => NotifyAllAsync(notified, sweep, stop));
        }
    }

    private async Task NotifyAllAsync(IReadOnlyList<Webhook> notified, EndedSweep sweep, CancellationToken stop)
    {
        bool allDelivered = true;
        foreach (var hook in notified)
        {
            allDelivered &= await NotifyAsync(hook, sweep, stop);
        }

        if (allDelivered)
        {
            notifications.RecordNotification(sweep.Name, sweep.State);
            _delivered.RemoveWhere(notification => notification.Sweep == sweep.Name);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(timings.WebhookInterval, clock);
        while (hooks.Count > 0 && await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await isolation.RunAsync("loop", "notifications", () => RunOnceAsync(stoppingToken));
            }
            catch (StorageException)
            {
                // The maintenance service logs that the storage is not available.
            }
        }
    }

    private async Task<bool> NotifyAsync(Webhook hook, EndedSweep sweep, CancellationToken stop)
    {
        var notification = new Notification(sweep.Name, hook.Url);
        if (_delivered.Contains(notification))
        {
            return true;
        }

        var failure = _failed.GetValueOrDefault(notification);
        if (failure is not null && clock.GetElapsedTime(failure.At) < PauseAfter(failure.Tries))
        {
            return false;
        }

        try
        {
            using var response = await _http.SendAsync(CreateRequest(hook, sweep), stop);
            response.EnsureSuccessStatusCode();
            _delivered.Add(notification);
            _failed.Remove(notification);
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            _failed[notification] = new Failure((failure?.Tries ?? 0) + 1, clock.GetTimestamp());
            log.LogWarning("{Hook} could not be notified of the end of {Sweep}: {Why}", hook, sweep.Name, error.Message);
            return false;
        }
    }

    private TimeSpan PauseAfter(int tries)
    {
        double seconds = timings.WebhookFirstDelay.TotalSeconds * Math.Pow(2, tries);
        return TimeSpan.FromSeconds(Math.Min(timings.WebhookMaxDelay.TotalSeconds, seconds));
    }

    private HttpRequestMessage CreateRequest(Webhook hook, EndedSweep sweep)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(sweep, ApiJson.Options);
        string time = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var request = new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = content };
        request.Headers.Add("Ser-Time", time);
        if (hook.Secret is { } secret)
        {
            byte[] signed = [.. Encoding.UTF8.GetBytes(time + "."), .. body];
            byte[] hmac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed);
            request.Headers.Add("Ser-Signature", "sha256=" + Convert.ToHexStringLower(hmac));
        }

        return request;
    }

    private sealed record Notification(string Sweep, Uri Url);

    private sealed record Failure(int Tries, long At);
}
