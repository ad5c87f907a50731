using System.Net;
using System.Net.Sockets;

namespace Ser.Dashboard.Tests;

/// <summary>A line to another address that can be cut and mended, as a network can.</summary>
internal sealed class CutLine : IDisposable
{
    private readonly Lock one = new();
    private readonly List<Socket> open = [];
    private Socket? door;

    /// <summary>A line to an address.</summary>
    public CutLine(IPEndPoint to)
    {
        To = to;
        Mend();
    }

    /// <summary>Where it leads.</summary>
    public IPEndPoint To { get; set; }

    /// <summary>Where it begins: the same after it was mended.</summary>
    public int Port { get; private set; }

    /// <summary>Ends every connection and takes no other.</summary>
    public void Cut()
    {
        lock (one)
        {
            door?.Dispose();
            open.ForEach(socket => socket.Dispose());
            open.Clear();
        }
    }

    /// <summary>Takes connections again.</summary>
    public void Mend()
    {
        door = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        door.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        door.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        door.Listen();
        Port = ((IPEndPoint)door.LocalEndPoint!).Port;
        _ = AcceptAsync(door);
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
                lock (one)
                {
                    open.AddRange([near, far]);
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
            await far.ConnectAsync(To);
            await Task.WhenAny(PassAsync(near, far), PassAsync(far, near));
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException)
        {
            // The line was cut, or nobody is at its end.
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
