using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ser.Domain.Jobs;
using Ser.Scheduler.Tests.Api;
using Ser.Scheduler.Webhooks;
using Ser.Storage.Data;
using Ser.TestSupport;
using Teller = Ser.Scheduler.Webhooks.Webhooks;

namespace Ser.Scheduler.Tests.Webhooks;

/// <summary>Webhooks are notified of the ends of sweeps over real HTTP.</summary>
public sealed class WebhookTests : IDisposable
{
    private const string Secret = "not for logs";
    private readonly TemporaryFolder _folder = new();
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Time, string Signature, byte[] Body)> _received = [];
    private readonly Uri _url;
    private int _answer = 200;

    public WebhookTests()
    {
        for (int port = 20_000 + (Environment.ProcessId % 20_000); ; port++)
        {
            try
            {
                _url = new Uri($"http://127.0.0.1:{port}/hook/");
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add(_url.ToString());
                _listener.Start();
                break;
            }
            catch (HttpListenerException)
            {
                // The port is in use; try the next.
            }
        }

        _ = ListenAsync();
    }

    public void Dispose()
    {
        _listener.Close();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_end_is_notified_signed_until_it_is_received_and_again_only_when_the_sweep_ends_again()
    {
        using var data = DataFolder.OpenAsRunner(_folder.At("data"), "test");
        data.Jobs.Sweeps.Submit(Plans.Sweep("long", "A").With(new JobHints { MaxAttempts = 1 }));
        data.Jobs.Sweeps.Submit(Plans.Sweep("never", "B"));
        var log = new LogLines();
        var logger = new Microsoft.Extensions.Logging.Logger<Teller>(new OneLog(log));
        Webhook[] receivers = [new Webhook(_url, Secret)];
        var timings = new SchedulerTimings();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var isolation = new FailureIsolation(data.Jobs.Audit, timings, clock, NullLogger<FailureIsolation>.Instance);
        using var hooks = new Teller(data.Jobs.Notifications, data.Reads, receivers, isolation, timings, clock, logger);
        await hooks.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Empty(_received);

        var job = data.Jobs.Leases.Claim(new ClaimRequest("w", Plans.Stages, "long"))!;
        data.Jobs.Leases.Fault(job.Lease, "broken", "");
        _answer = 500;
        await hooks.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Single(_received);
        Assert.Single(data.Reads.SweepsAwaitingNotification());
        await hooks.RunOnceAsync(TestContext.Current.CancellationToken); // not before a pause
        Assert.Single(_received);
        Assert.Contains(log.All, line => line.Contains("could not be notified of the end of long", StringComparison.Ordinal));
        Assert.DoesNotContain(log.All, line => line.Contains(Secret, StringComparison.Ordinal));

        _answer = 200;
        var noLog = NullLogger<Teller>.Instance;
        using var later = new Teller(data.Jobs.Notifications, data.Reads, receivers, isolation, timings, clock, noLog);
        await later.RunOnceAsync(TestContext.Current.CancellationToken);
        await later.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, _received.Count);
        Assert.Empty(data.Reads.SweepsAwaitingNotification());
        var (time, signature, body) = _received.Last();
        byte[] signed = [.. Encoding.UTF8.GetBytes(time + "."), .. body];
        byte[] mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed);
        Assert.Equal("sha256=" + Convert.ToHexStringLower(mac), signature);
        var notice = JsonSerializer.Deserialize<JsonElement>(body);
        string? Text(string name) => notice.GetProperty(name).GetString();
        int Number(string name) => notice.GetProperty(name).GetInt32();
        Assert.Equal(("long", "failed"), (Text("name"), Text("state")));
        Assert.Equal((3, 0, 1), (Number("jobs"), Number("done"), Number("failed")));

        data.Jobs.Sweeps.ResumeSweep("long");
        await later.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, _received.Count);
        data.Jobs.Sweeps.CancelSweep("long");
        await later.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Contains("cancelled", Encoding.UTF8.GetString(_received.Last().Body), StringComparison.Ordinal);
    }

    private async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            _received.Enqueue((context.Request.Headers["Ser-Time"]!, context.Request.Headers["Ser-Signature"]!, body.ToArray()));
            context.Response.StatusCode = _answer;
            context.Response.Close();
        }
    }

    private sealed class OneLog(LogLines lines) : Microsoft.Extensions.Logging.ILoggerFactory
    {
        public void AddProvider(Microsoft.Extensions.Logging.ILoggerProvider provider)
        {
        }

        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => lines;

        public void Dispose()
        {
        }
    }
}
