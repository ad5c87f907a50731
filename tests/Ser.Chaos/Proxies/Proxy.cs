using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ser.Chaos.Proxies;

/// <summary>Stands between one process and one server, so that the way between them can be cut.</summary>
internal sealed class Proxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Link, byte> _links = new();
    private readonly Gate _gate = new();
    private readonly int _port;

    /// <param name="port">Where the server listens on the loopback.</param>
    public Proxy(int port)
    {
        _port = port;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where the process connects.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Resets every connection; new ones go through.</summary>
    /// <returns>How many.</returns>
    public int Cut()
    {
        var links = _links.Keys.ToList();
        links.ForEach(link => link.Cut());
        return links.Count;
    }

    /// <summary>Every connection of now stays open and carries nothing any more; new ones go through.</summary>
    /// <returns>How many.</returns>
    public int Deafen()
    {
        var links = _links.Keys.ToList();
        links.ForEach(link => link.Deafen());
        return links.Count;
    }

    /// <summary>Nothing passes until <see cref="Open"/>, as on a network that loses every packet.</summary>
    public void Close() => _gate.Close();

    /// <summary>What waited passes.</summary>
    public void Open() => _gate.Open();

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _gate.Open();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ConnectAsync(await _listener.AcceptSocketAsync());
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using var link = new Link(client, server, _gate);
        _links[link] = 0;
        try
        {
            await _gate.PassAsync(CancellationToken.None);
            await server.ConnectAsync(IPAddress.Loopback, _port);
            await link.CarryAsync();
        }
        catch (Exception refused) when (refused is SocketException or ObjectDisposedException)
        {
            // The server is away: so it looks to the client.
            link.Cut();
        }
        finally
        {
            _links.TryRemove(link, out _);
        }
    }
}
