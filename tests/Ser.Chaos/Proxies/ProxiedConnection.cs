using System.Net.Sockets;

namespace Ser.Chaos.Proxies;

/// <summary>One connection through a proxy.</summary>
internal sealed class ProxiedConnection(Socket client, Socket server, Gate gate) : IDisposable
{
    private const int Chunk = 1 << 16;
    private readonly CancellationTokenSource _cut = new();
    private volatile bool _silent;

    /// <summary>Forwards bytes in both directions until both sides have ended or the connection is reset.</summary>
    public async Task ForwardAsync()
    {
        client.NoDelay = server.NoDelay = true;
        try
        {
            await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side has ended, so the other is closed too, except where it must not notice.
            while (_silent && !_cut.IsCancellationRequested)
            {
                await Task.Delay(200);
            }
        }
    }

    /// <summary>Resets both sides.</summary>
    public void Reset()
    {
        foreach (var socket in (Socket[])[client, server])
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // The connection has ended by itself in the meantime.
            }
        }

        _cut.Cancel();
        client.Dispose();
        server.Dispose();
    }

    /// <summary>
    /// From now on nothing arrives at either side, and neither side notices: as with a pulled cable,
    /// or a firewall that has forgotten the connection.
    /// </summary>
    public void StopForwarding() => _silent = true;

    /// <inheritdoc/>
    public void Dispose()
    {
        _cut.Cancel();
        client.Dispose();
        server.Dispose();
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        byte[] buffer = new byte[Chunk];
        for (int read; (read = await from.ReceiveAsync(buffer, _cut.Token)) > 0;)
        {
            await gate.WaitAsync(_cut.Token);
            for (int sent = 0; sent < read && !_silent;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _cut.Token);
            }
        }

        await gate.WaitAsync(_cut.Token);
        if (!_silent)
        {
            to.Shutdown(SocketShutdown.Send);
        }
    }
}
