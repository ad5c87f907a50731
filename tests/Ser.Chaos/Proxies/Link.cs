using System.Net.Sockets;

namespace Ser.Chaos.Proxies;

/// <summary>One connection through a proxy.</summary>
internal sealed class Link(Socket client, Socket server, Gate gate) : IDisposable
{
    private const int Chunk = 1 << 16;
    private readonly CancellationTokenSource _cut = new();
    private volatile bool _deaf;

    /// <summary>Carries bytes both ways until both sides have ended or it is cut.</summary>
    public async Task CarryAsync()
    {
        client.NoDelay = server.NoDelay = true;
        try
        {
            await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception ended) when (ended is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone: so is the other, unless it is not to know.
            while (_deaf && !_cut.IsCancellationRequested)
            {
                await Task.Delay(200);
            }
        }
    }

    /// <summary>Resets both sides.</summary>
    public void Cut()
    {
        foreach (var socket in (Socket[])[client, server])
        {
            try
            {
                socket.LingerState = new LingerOption(true, 0);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // Ended by itself just now.
            }
        }

        _cut.Cancel();
        client.Dispose();
        server.Dispose();
    }

    /// <summary>From now on nothing arrives on either side and neither learns that the other is gone: a cable pulled out, a firewall that forgot.</summary>
    public void Deafen() => _deaf = true;

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
            await gate.PassAsync(_cut.Token);
            for (int sent = 0; sent < read && !_deaf;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _cut.Token);
            }
        }

        await gate.PassAsync(_cut.Token);
        if (!_deaf)
        {
            to.Shutdown(SocketShutdown.Send);
        }
    }
}
