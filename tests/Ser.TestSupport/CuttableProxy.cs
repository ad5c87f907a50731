using System.Net;
using System.Net.Sockets;

namespace Ser.TestSupport;

/// <summary>A TCP proxy between a client and a server whose connections can be cut.</summary>
public sealed class CuttableProxy : IAsyncDisposable
{
    private readonly List<TcpClient> _open = [];
    private readonly List<Task> _running = [];
    private readonly Lock _one = new();
    private TcpListener? _listener;
    private long _carried;
    private long _allowed = long.MaxValue;

    public CuttableProxy(string host, int port)
    {
        Target = new DnsEndPoint(host, port);
        Restore();
    }

    public int Port { get; private set; }

    /// <summary>The server that new connections are forwarded to.</summary>
    public DnsEndPoint Target { get; set; }

    /// <summary>Bytes forwarded in both directions.</summary>
    public long BytesForwarded => Interlocked.Read(ref _carried);

    /// <summary>Ends every connection and refuses new ones.</summary>
    public void Cut()
    {
        lock (_one)
        {
            _listener?.Dispose();
            _listener = null;
            _open.ForEach(client => client.Dispose());
            _open.Clear();
        }
    }

    /// <summary>Accepts connections again, on the same port.</summary>
    public void Restore()
    {
        lock (_one)
        {
            _listener = new TcpListener(IPAddress.Loopback, Port);
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _running.Add(AcceptAsync(_listener));
        }
    }

    /// <summary>Once: ends the connection that carries the last of a number of bytes in either direction.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref _allowed, bytes);

    public async ValueTask DisposeAsync()
    {
        Cut();
        await Task.WhenAll(_running).WaitAsync(TimeSpan.FromSeconds(10));
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                var server = new TcpClient { NoDelay = true };
                client.NoDelay = true;
                try
                {
                    await server.ConnectAsync(Target.Host, Target.Port);
                }
                catch (SocketException)
                {
                    // Nothing listens at the other end. The client sees its connection end; the next one is tried again.
                    client.Dispose();
                    server.Dispose();
                    continue;
                }

                lock (_one)
                {
                    _open.AddRange([client, server]);
                    _running.AddRange([RelayAsync(client, server), RelayAsync(server, client)]);
                }
            }
        }
        catch (Exception cut) when (cut is SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private async Task RelayAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = await from.GetStream().ReadAsync(buffer)) > 0)
            {
                Interlocked.Add(ref _carried, read);
                if (Interlocked.Add(ref _allowed, -read) < 0)
                {
                    Interlocked.Exchange(ref _allowed, long.MaxValue);
                    from.Client.LingerState = to.Client.LingerState = new LingerOption(true, 0);
                    break;
                }

                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception cut) when (cut is IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
        finally
        {
            from.Dispose();
            to.Dispose();
        }
    }
}
