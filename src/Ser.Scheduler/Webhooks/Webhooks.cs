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
/// Tells those who asked of every sweep that has come to its end: POST with the members of <see cref="EndedSweep"/>. Told once it has answered; until then again and again, each time after a longer pause, for a day. Whoever
/// listens may hear of an end twice. With a secret the header Ser-Signature is sha256= and the HMAC, in hex, of the header Ser-Time, a dot and the body.
/// </summary>
public sealed class Webhooks(IJobStore jobs, IJobReads reads, IReadOnlyList<Webhook> hooks, TimeProvider clock, ILogger<Webhooks> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5), Patience = TimeSpan.FromSeconds(10), LongestPause = TimeSpan.FromMinutes(10), Worth = TimeSpan.FromDays(1);
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience };
    private readonly Dictionary<(string Sweep, Uri Url), (int Tries, long At)> failed = [];
    private readonly HashSet<(string Sweep, Uri Url)> told = [];

    /// <summary>One round.</summary>
    public async Task RunOnceAsync(CancellationToken stop)
    {
        double longAgo = (clock.GetUtcNow() - Worth).ToUnixTimeSeconds();
        foreach (var end in reads.Ended())
        {
            bool all = true;
            foreach (var hook in end.Ended < longAgo ? [] : hooks)
            {
                all &= await TellAsync(hook, end, stop);
            }

            if (all)
            {
                jobs.Told(end.Name, end.State);
                told.RemoveWhere(done => done.Sweep == end.Name);
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        http.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (hooks.Count > 0 && await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (StorageException)
            {
                // Whoever accepts results says so.
            }
        }
    }

    private async Task<bool> TellAsync(Webhook hook, EndedSweep end, CancellationToken stop)
    {
        var key = (end.Name, hook.Url);
        if (told.Contains(key))
        {
            return true;
        }

        var (tries, at) = failed.GetValueOrDefault(key);
        if (tries > 0 && clock.GetElapsedTime(at) < TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, 5 * Math.Pow(2, tries))))
        {
            return false;
        }

        try
        {
            using var answer = await http.SendAsync(Message(hook, end), stop);
            answer.EnsureSuccessStatusCode();
            told.Add(key);
            failed.Remove(key);
            return true;
        }
        catch (Exception unheard) when (unheard is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            failed[key] = (tries + 1, clock.GetTimestamp());
            log.LogWarning("{Hook} was not told of the end of {Sweep}: {Why}", hook, end.Name, unheard.Message);
            return false;
        }
    }

    private HttpRequestMessage Message(Webhook hook, EndedSweep end)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(end, ApiJson.Options);
        string time = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var message = new HttpRequestMessage(HttpMethod.Post, hook.Url) { Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        message.Headers.Add("Ser-Time", time);
        if (hook.Secret is { } secret)
        {
            message.Headers.Add("Ser-Signature", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(time + "."), .. body])));
        }

        return message;
    }
}
