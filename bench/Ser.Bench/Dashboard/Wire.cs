using System.Net.Sockets;

namespace Ser.Bench.Dashboard;

/// <summary>Connections whose bytes are counted as they go over the wire: headers, frames and what is packed.</summary>
internal sealed class Wire
{
    private long received, sent;

    /// <summary>Bytes that have come.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>Bytes that have gone.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Opens connections that are counted here.</summary>
    public SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = async (context, stop) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, stop);
            return new Counted(this, socket);
        },
    };

    private sealed class Counted(Wire wire, Socket socket) : NetworkStream(socket, ownsSocket: true)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            Interlocked.Add(ref wire.received, read);
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Interlocked.Add(ref wire.sent, buffer.Length);
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
