using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Ser.Chaos.Proxies;

/// <summary>A TCP proxy between one process and one server, so that their connections can be disturbed.</summary>
internal sealed class Proxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<ProxiedConnection, byte> _links = new();
    private readonly Gate _gate = new();
    private readonly int _port;

    /// <param name="port">The loopback port of the server.</param>
    public Proxy(int port)
    {
        _port = port;
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The port where the process connects.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Resets every connection; new ones are accepted.</summary>
    /// <returns>The number of connections.</returns>
    public int ResetConnections()
    {
        var links = _links.Keys.ToList();
        links.ForEach(link => link.Reset());
        return links.Count;
    }

    /// <summary>Existing connections stay open but carry nothing any more; new ones are accepted.</summary>
    /// <returns>The number of connections.</returns>
    public int StopForwarding()
    {
        var links = _links.Keys.ToList();
        links.ForEach(link => link.StopForwarding());
        return links.Count;
    }

    /// <summary>Holds all data back until <see cref="Release"/>, as on a network that loses every packet.</summary>
    public void HoldBack() => _gate.Close();

    /// <summary>Forwards the data that was held back.</summary>
    public void Release() => _gate.Open();

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        _gate.Open();
        ResetConnections();
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
        using var link = new ProxiedConnection(client, server, _gate);
        _links[link] = 0;
        try
        {
            await _gate.WaitAsync(CancellationToken.None);
            await server.ConnectAsync(IPAddress.Loopback, _port);
            await link.ForwardAsync();
        }
        catch (Exception refused) when (refused is SocketException or ObjectDisposedException)
        {
            // The server is down: the client sees a reset.
            link.Reset();
        }
        finally
        {
            _links.TryRemove(link, out _);
        }
    }
}
