using System.Net;
using System.Text;
using Ser.Domain;
using Ser.TestSupport;

namespace Ser.Client.Tests;

/// <summary>What a client makes of the answers of a scheduler, and of servers that are none.</summary>
public sealed class SchedulerClientTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpListener _listener = new();
    private readonly Uri _address;
    private Action<HttpListenerContext> _answer = context => Respond(context, 200, "{}");

    public SchedulerClientTests()
    {
        for (int port = 20_000; _address is null; port++)
        {
            try
            {
                _listener.Prefixes.Clear();
                _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                _listener.Start();
                _address = new Uri($"http://127.0.0.1:{port}/");
            }
            catch (HttpListenerException)
            {
                // The port is in use; try the next.
            }
        }

        _ = AnswerAsync();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Close();
        _folder.Dispose();
    }

    [Fact]
    public async Task Token_reason_and_person_are_sent_in_headers()
    {
        string? authorization = null, reason = null, person = null;
        _answer = context =>
        {
            var headers = context.Request.Headers;
            authorization = headers["Authorization"];
            reason = headers[ApiProtocol.ReasonHeader];
            person = headers[ApiProtocol.OnBehalfOfHeader];
            Respond(context, 200, "{}");
        };
        using var client = new SchedulerClient(_address, "ser_token") { Reason = "disk\nfull", OnBehalfOf = "Änne" };
        await client.GetTextAsync("api/me", Stop);
        Assert.Equal(("Bearer ser_token", "disk%0Afull", "%C3%84nne"), (authorization, reason, person));
    }

    [Theory]
    [InlineData(404, """{"detail":"there is no sweep"}""", "there is no sweep")]
    [InlineData(401, "", "401")]
    [InlineData(422, "<html>", "422")]
    [InlineData(422, "{}", "422")]
    public async Task A_refusal_is_wrong_input_with_the_message_of_the_scheduler(int status, string body, string expected)
    {
        _answer = context => Respond(context, status, body);
        using var client = new SchedulerClient(_address, null);
        var wrong = await Assert.ThrowsAsync<InputException>(() => client.GetTextAsync("api/sweeps/x", Stop));
        Assert.Contains(expected, wrong.Message, StringComparison.Ordinal);
        Assert.Contains(_address.ToString(), wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_of_the_scheduler_is_an_outage()
    {
        _answer = context => Respond(context, 503, """{"detail":"the database is away"}""");
        using var client = new SchedulerClient(_address, null);
        var away = await Assert.ThrowsAsync<StorageException>(() => client.PostAsync<object>("api/sweeps", Stop));
        Assert.Contains("the database is away", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_no_scheduler_or_runs_another_version_is_named()
    {
        using var client = new SchedulerClient(_address, null);
        _answer = context => Respond(context, 200, "<html>", version: null);
        var other = await Assert.ThrowsAsync<InputException>(() => client.GetTextAsync("api/me", Stop));
        Assert.Contains("is not a scheduler of ser", other.Message, StringComparison.Ordinal);
        _answer = context => Respond(context, 200, "{}", version: "9.9.9");
        var newer = await Assert.ThrowsAsync<InputException>(() => client.GetTextAsync("api/me", Stop));
        Assert.Contains("runs ser 9.9.9", newer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_at_the_address_is_an_outage_with_a_cure()
    {
        _listener.Stop();
        using var client = new SchedulerClient(_address, null);
        var away = await Assert.ThrowsAsync<StorageException>(() => client.GetTextAsync("api/me", Stop));
        Assert.Contains("start one (ser scheduler, or ser up)", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_is_whole_or_not_there_and_replaces_nothing()
    {
        using var client = new SchedulerClient(_address, null);
        _answer = context => Respond(context, 200, "a bundle");
        await client.DownloadAsync("api/sweeps/x/bundle", _folder.At("x.zip"), Stop);
        Assert.Equal("a bundle", await File.ReadAllTextAsync(_folder.At("x.zip"), Stop));
        await Assert.ThrowsAsync<InputException>(() => client.DownloadAsync("api/sweeps/x/bundle", _folder.At("x.zip"), Stop));

        _answer = context =>
        {
            context.Response.Headers[ApiProtocol.VersionHeader] = ApiProtocol.Version;
            context.Response.ContentLength64 = 1000;
            context.Response.OutputStream.Write("half"u8);
            context.Response.Abort();
        };
        await Assert.ThrowsAnyAsync<Exception>(() => client.DownloadAsync("api/sweeps/y/bundle", _folder.At("y.zip"), Stop));
        Assert.Equal([_folder.At("x.zip")], Directory.GetFiles(_folder.Path));
    }

    private async Task AnswerAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _answer(context);
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static void Respond(HttpListenerContext context, int status, string body, string? version = "")
    {
        if (version is not null)
        {
            context.Response.Headers[ApiProtocol.VersionHeader] = version.Length == 0 ? ApiProtocol.Version : version;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: false);
    }
}
