using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ser.Bench.Dashboard;

/// <summary>
/// A browser's end of a page's circuit, without a browser: asks for the page, begins the circuit, says that everything drawn was drawn, and lets lists know that they are seen.
/// Twenty browsers would measure themselves on a machine of two cores.
/// </summary>
internal sealed partial class Viewer : IAsyncDisposable
{
    private const int Invocation = 1, Completion = 3, Ping = 6, Close = 7;
    private const long ReturnsReference = 1, ReturnsNothing = 3;

    private readonly Wire wire;
    private readonly ClientWebSocket socket = new();
    private readonly SemaphoreSlim one = new(1);
    private readonly CancellationTokenSource done = new();
    private readonly HttpMessageInvoker invoker;
    private readonly string cookie;
    private Task reading = Task.CompletedTask;
    private int batches;

    private Viewer(Wire wire, string cookie)
    {
        (this.wire, this.cookie) = (wire, cookie);
        invoker = new HttpMessageInvoker(wire.Handler());
    }

    /// <summary>Bytes that have come since the page was opened, its page not counted.</summary>
    public long Received => wire.Received;

    /// <summary>Times that something was drawn.</summary>
    public int Batches => Volatile.Read(ref batches);

    /// <summary>What went wrong, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Opens a page and its circuit.</summary>
    /// <param name="page">Address of the page.</param>
    /// <param name="cookie">Cookies of a visitor who is signed in.</param>
    /// <param name="stop">Ends the wait.</param>
    public static async Task<Viewer> OpenAsync(Uri page, string cookie, CancellationToken stop)
    {
        string html;
        using (var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }))
        {
            client.DefaultRequestHeaders.Add("Cookie", cookie);
            html = await client.GetStringAsync(page, stop);
        }

        var viewer = new Viewer(new Wire(), cookie);
        await viewer.BeginAsync(page, html, stop);
        return viewer;
    }

    public async ValueTask DisposeAsync()
    {
        await done.CancelAsync();
        await reading;
        socket.Dispose();
        invoker.Dispose();
        done.Dispose();
        one.Dispose();
    }

    private async Task BeginAsync(Uri page, string html, CancellationToken stop)
    {
        var markers = MarkerComment().Matches(html).Select(match => JsonNode.Parse(match.Groups[1].Value)!.AsObject()).Where(marker => marker["descriptor"] is not null).ToList();
        string state = StateComment().Match(html).Groups[1].Value;
        socket.Options.SetRequestHeader("Cookie", cookie);
        socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        await socket.ConnectAsync(new UriBuilder(page) { Scheme = "ws", Path = "/_blazor", Query = "" }.Uri, invoker, stop);
        await SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"), WebSocketMessageType.Text);
        reading = ReadAsync();
        await CallAsync("0", "StartCircuit", page.GetLeftPart(UriPartial.Authority) + "/", page.ToString(), "[]", "");
        var operations = new JsonArray([.. markers.Select((marker, at) => new JsonObject { ["type"] = "add", ["ssrComponentId"] = at + 1, ["marker"] = marker })]);
        await CallAsync(null, "UpdateRootComponents", new JsonObject { ["batchId"] = 1, ["operations"] = operations }.ToJsonString(), state);
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[1 << 16];
        var come = new List<byte>();
        bool greeted = false;
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(buffer.AsMemory(), done.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    Problem ??= $"the server closed the connection: {socket.CloseStatusDescription}";
                    return;
                }

                come.AddRange(buffer.AsSpan(0, part.Count));
                if (!greeted)
                {
                    greeted = true;
                    come.RemoveRange(0, come.IndexOf(0x1E) + 1);
                }

                while (MessagePack.Unframed(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(come)) is { } next)
                {
                    come.RemoveRange(0, next.Length);
                    await AnswerAsync(next.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The viewer leaves.
        }
        catch (WebSocketException broken)
        {
            Problem ??= broken.Message;
        }
    }

    private async Task AnswerAsync(IReadOnlyList<object?> message)
    {
        switch ((long)message[0]!)
        {
            case Ping:
                await SendAsync(MessagePack.Framed(Ping), WebSocketMessageType.Binary);
                break;
            case Close:
                Problem ??= $"the server ended the circuit: {message.ElementAtOrDefault(1)}";
                break;
            case Completion when message.ElementAtOrDefault(4) is null:
                Problem ??= "the server began no circuit";
                break;
            case Invocation:
                await HearAsync((string)message[3]!, (object?[])message[4]!);
                break;
        }
    }

    private async Task HearAsync(string what, object?[] said)
    {
        switch (what)
        {
            case "JS.RenderBatch":
                Interlocked.Increment(ref batches);
                await CallAsync(null, "OnRenderCompleted", said[0], null);
                break;
            case "JS.BeginInvokeJS":
                long task = (long)said[0]!;
                string function = (string)said[1]!;
                if (task != 0)
                {
                    await CallAsync(null, "EndInvokeJSFromDotNet", task, true, $"[{task},true,{Answer(function, (long)said[3]!)}]");
                }

                if (function.EndsWith("Virtualize.init", StringComparison.Ordinal) && Reference().Match((string)said[2]!) is { Success: true } list)
                {
                    // Its window is 800 pixels high and nothing is in it yet.
                    await CallAsync(null, "BeginInvokeDotNetFromJS", "1", null, "OnSpacerAfterVisible", long.Parse(list.Groups[1].Value, CultureInfo.InvariantCulture), "[800,1000,800]");
                }

                break;
            case "JS.Error":
                Problem ??= $"the circuit failed: {said[0]}";
                break;
        }
    }

    private static string Answer(string function, long returns) => returns switch
    {
        ReturnsReference => "{\"__jsObjectId\":1}",
        ReturnsNothing => "null",
        _ => function == "ser.watchTheme" ? "false" : "null",
    };

    private Task CallAsync(string? id, string method, params object?[] arguments) =>
        SendAsync(MessagePack.Framed(Invocation, new Dictionary<string, string>(), id, method, arguments, Array.Empty<object?>()), WebSocketMessageType.Binary);

    private async Task SendAsync(byte[] message, WebSocketMessageType type)
    {
        await one.WaitAsync(done.Token);
        try
        {
            await socket.SendAsync(message, type, endOfMessage: true, done.Token);
        }
        finally
        {
            one.Release();
        }
    }

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->")]
    private static partial Regex MarkerComment();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex StateComment();

    [GeneratedRegex("\"__dotNetObject\":(\\d+)")]
    private static partial Regex Reference();
}
