using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Ser.Domain.Jobs;
using Ser.Hosting.Data;
using Ser.Hosting.Tests.Api;
using Ser.Hosting.Tests.Jobs;
using Ser.Scheduler.Webhooks;
using Teller = Ser.Scheduler.Webhooks.Webhooks;

namespace Ser.Hosting.Tests.Webhooks;

/// <summary>Ends of sweeps are told over real HTTP.</summary>
public sealed class WebhookTests : IDisposable
{
    private const string Secret = "not for logs";
    private readonly TemporaryFolder _folder = new();
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<(string Time, string Signature, byte[] Body)> _heard = [];
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
                // Somebody else has it.
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
    public async Task An_end_is_told_signed_once_it_is_heard_and_again_only_when_it_ends_again()
    {
        using var data = DataFolder.OpenAsRunner(_folder.At("data"), "test");
        data.Jobs.Submit(Plans.Sweep("long", "A").With(new JobHints { MaxAttempts = 1 }));
        data.Jobs.Submit(Plans.Sweep("never", "B"));
        var log = new LogLines();
        using var hooks = new Teller(data.Jobs, data.Reads, [new Webhook(_url, Secret)], TimeProvider.System, new Microsoft.Extensions.Logging.Logger<Teller>(new OneLog(log)));
        await hooks.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Empty(_heard);

        var job = data.Jobs.Claim(new ClaimRequest("w", Plans.Stages, "long"))!;
        data.Jobs.Fault(job.Lease, "broken", "");
        _answer = 500;
        await hooks.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Single(_heard);
        Assert.Single(data.Reads.Ended());
        await hooks.RunOnceAsync(TestContext.Current.CancellationToken); // not before a pause
        Assert.Single(_heard);
        Assert.Contains(log.All, line => line.Contains("could not be notified of the end of long", StringComparison.Ordinal));
        Assert.DoesNotContain(log.All, line => line.Contains(Secret, StringComparison.Ordinal));

        _answer = 200;
        using var later = new Teller(data.Jobs, data.Reads, [new Webhook(_url, Secret)], TimeProvider.System, NullLogger<Teller>.Instance);
        await later.RunOnceAsync(TestContext.Current.CancellationToken);
        await later.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, _heard.Count);
        Assert.Empty(data.Reads.Ended());
        var (time, signature, body) = _heard.Last();
        Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), (byte[])[.. Encoding.UTF8.GetBytes(time + "."), .. body])), signature);
        var said = JsonSerializer.Deserialize<JsonElement>(body);
        Assert.Equal(("long", "failed", 3, 0, 1), (said.GetProperty("name").GetString(), said.GetProperty("state").GetString(), said.GetProperty("jobs").GetInt32(), said.GetProperty("done").GetInt32(), said.GetProperty("failed").GetInt32()));

        data.Jobs.ResumeSweep("long");
        await later.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, _heard.Count);
        data.Jobs.CancelSweep("long");
        await later.RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Contains("cancelled", Encoding.UTF8.GetString(_heard.Last().Body), StringComparison.Ordinal);
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
            _heard.Enqueue((context.Request.Headers["Ser-Time"]!, context.Request.Headers["Ser-Signature"]!, body.ToArray()));
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
