using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ser.Bench.Dashboard;

/// <summary>
/// Simulates the browser's end of a page's circuit: requests the page, starts the circuit, acknowledges render batches and reports
/// that virtualised lists are visible. Twenty real browsers on a machine of two cores would mostly measure themselves.
/// </summary>
internal sealed partial class Viewer : IAsyncDisposable
{
    private const int Invocation = 1, Completion = 3, Ping = 6, Close = 7;
    private const long ReturnsReference = 1, ReturnsNothing = 3;

    private readonly ConnectionMeter _wire;
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly CancellationTokenSource _closing = new();
    private readonly HttpMessageInvoker _invoker;
    private readonly string _cookie;
    private Task _reading = Task.CompletedTask;
    private int _batches;

    private Viewer(ConnectionMeter wire, string cookie)
    {
        (_wire, _cookie) = (wire, cookie);
        _invoker = new HttpMessageInvoker(wire.CreateHandler());
    }

    /// <summary>Bytes received over the circuit, without the page itself.</summary>
    public long Received => _wire.Received;

    /// <summary>Number of render batches received.</summary>
    public int Batches => Volatile.Read(ref _batches);

    /// <summary>The first problem of the circuit, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Opens a page and its circuit.</summary>
    /// <param name="page">Address of the page.</param>
    /// <param name="cookie">Cookies of a signed-in user.</param>
    /// <param name="stop">Cancels opening.</param>
    public static async Task<Viewer> OpenAsync(Uri page, string cookie, CancellationToken stop)
    {
        string html;
        using (var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }))
        {
            client.DefaultRequestHeaders.Add("Cookie", cookie);
            html = await client.GetStringAsync(page, stop);
        }

        var viewer = new Viewer(new ConnectionMeter(), cookie);
        await viewer.StartCircuitAsync(page, html, stop);
        return viewer;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _reading;
        _socket.Dispose();
        _invoker.Dispose();
        _closing.Dispose();
        _sending.Dispose();
    }

    private async Task StartCircuitAsync(Uri page, string html, CancellationToken stop)
    {
        var markers = MarkerComment().Matches(html)
            .Select(match => JsonNode.Parse(match.Groups[1].Value)!.AsObject())
            .Where(marker => marker["descriptor"] is not null)
            .ToList();
        string state = StateComment().Match(html).Groups[1].Value;
        _socket.Options.SetRequestHeader("Cookie", _cookie);
        _socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        await _socket.ConnectAsync(new UriBuilder(page) { Scheme = "ws", Path = "/_blazor", Query = "" }.Uri, _invoker, stop);
        await SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"), WebSocketMessageType.Text);
        _reading = ReadAsync();
        await CallAsync("0", "StartCircuit", page.GetLeftPart(UriPartial.Authority) + "/", page.ToString(), "[]", "");
        var operations = markers.Select((marker, i) =>
            new JsonObject { ["type"] = "add", ["ssrComponentId"] = i + 1, ["marker"] = marker });
        var batch = new JsonObject { ["batchId"] = 1, ["operations"] = new JsonArray([.. operations]) };
        await CallAsync(null, "UpdateRootComponents", batch.ToJsonString(), state);
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[1 << 16];
        var received = new List<byte>();
        bool handshakeDone = false;
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), _closing.Token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    Problem ??= $"the server closed the connection: {_socket.CloseStatusDescription}";
                    return;
                }

                received.AddRange(buffer.AsSpan(0, part.Count));
                if (!handshakeDone)
                {
                    // The response to the handshake ends with the record separator.
                    handshakeDone = true;
                    received.RemoveRange(0, received.IndexOf(0x1E) + 1);
                }

                while (MessagePack.ParseFrame(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(received)) is { } next)
                {
                    received.RemoveRange(0, next.Length);
                    await HandleMessageAsync(next.Message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The viewer was disposed of.
        }
        catch (WebSocketException broken)
        {
            Problem ??= broken.Message;
        }
    }

    private async Task HandleMessageAsync(IReadOnlyList<object?> message)
    {
        switch ((long)message[0]!)
        {
            case Ping:
                await SendAsync(MessagePack.Frame(Ping), WebSocketMessageType.Binary);
                break;
            case Close:
                Problem ??= $"the server ended the circuit: {message.ElementAtOrDefault(1)}";
                break;
            case Completion when message.ElementAtOrDefault(4) is null:
                Problem ??= "the server did not start a circuit";
                break;
            case Invocation:
                await HandleInvocationAsync((string)message[3]!, (object?[])message[4]!);
                break;
        }
    }

    private async Task HandleInvocationAsync(string method, object?[] arguments)
    {
        switch (method)
        {
            case "JS.RenderBatch":
                Interlocked.Increment(ref _batches);
                await CallAsync(null, "OnRenderCompleted", arguments[0], null);
                break;
            case "JS.BeginInvokeJS":
                await HandleScriptCallAsync((long)arguments[0]!, (string)arguments[1]!, (string?)arguments[2], (long)arguments[3]!);
                break;
            case "JS.Error":
                Problem ??= $"the circuit failed: {arguments[0]}";
                break;
        }
    }

    private async Task HandleScriptCallAsync(long task, string function, string? arguments, long returns)
    {
        if (task != 0)
        {
            await CallAsync(null, "EndInvokeJSFromDotNet", task, true, $"[{task},true,{Answer(function, returns)}]");
        }

        if (function.EndsWith("Virtualize.init", StringComparison.Ordinal) && Reference().Match(arguments!) is { Success: true } reference)
        {
            // Reports an empty list in a window of 800 pixels height, so that the list loads its first rows.
            long list = long.Parse(reference.Groups[1].Value, CultureInfo.InvariantCulture);
            await CallAsync(null, "BeginInvokeDotNetFromJS", "1", null, "OnSpacerAfterVisible", list, "[800,1000,800]");
        }
    }

    private static string Answer(string function, long returns) => returns switch
    {
        ReturnsReference => "{\"__jsObjectId\":1}",
        ReturnsNothing => "null",
        _ => function == "ser.watchTheme" ? "false" : "null",
    };

    private Task CallAsync(string? id, string method, params object?[] arguments)
    {
        var headers = new Dictionary<string, string>();
        object?[] streams = [];
        return SendAsync(MessagePack.Frame(Invocation, headers, id, method, arguments, streams), WebSocketMessageType.Binary);
    }

    private async Task SendAsync(byte[] message, WebSocketMessageType type)
    {
        await _sending.WaitAsync(_closing.Token);
        try
        {
            await _socket.SendAsync(message, type, endOfMessage: true, _closing.Token);
        }
        finally
        {
            _sending.Release();
        }
    }

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->")]
    private static partial Regex MarkerComment();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->")]
    private static partial Regex StateComment();

    [GeneratedRegex("\"__dotNetObject\":(\\d+)")]
    private static partial Regex Reference();
}
