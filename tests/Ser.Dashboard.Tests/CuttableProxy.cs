using System.Net;
using System.Net.Sockets;

namespace Ser.Dashboard.Tests;

/// <summary>A TCP proxy to another address that can be cut and mended, as a network can.</summary>
internal sealed class CuttableProxy : IDisposable
{
    private readonly Lock _one = new();
    private readonly List<Socket> _open = [];
    private Socket? _listener;

    /// <summary>Starts to listen on a free port.</summary>
    public CuttableProxy(IPEndPoint to)
    {
        Target = to;
        Restore();
    }

    /// <summary>The address that connections are forwarded to.</summary>
    public IPEndPoint Target { get; set; }

    /// <summary>The port where it listens. It stays the same when the line is mended.</summary>
    public int Port { get; private set; }

    /// <summary>Ends every connection and refuses new ones.</summary>
    public void Cut()
    {
        lock (_one)
        {
            _listener?.Dispose();
            _open.ForEach(socket => socket.Dispose());
            _open.Clear();
        }
    }

    /// <summary>Accepts connections again.</summary>
    public void Restore()
    {
        _listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync(_listener);
    }

    public void Dispose() => Cut();

    private async Task AcceptAsync(Socket at)
    {
        try
        {
            while (true)
            {
                var near = await at.AcceptAsync();
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                lock (_one)
                {
                    _open.AddRange([near, far]);
                }

                _ = JoinAsync(near, far);
            }
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // The line was cut.
        }
    }

    private async Task JoinAsync(Socket near, Socket far)
    {
        try
        {
            await far.ConnectAsync(Target);
            await Task.WhenAny(PassAsync(near, far), PassAsync(far, near));
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // The line was cut, or nothing listens at the other end.
        }

        near.Dispose();
        far.Dispose();
    }

    private static async Task PassAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[1 << 16];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                for (int sent = 0; sent < read;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
                }
            }
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // The line was cut.
        }
    }
}
