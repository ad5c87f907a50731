using System.Net.Sockets;

namespace Ser.Bench.Dashboard;

/// <summary>
/// Counts the bytes of HTTP connections as they go over the network, that is with headers and frames and after compression.
/// </summary>
internal sealed class ConnectionMeter
{
    private long _received, _sent;

    /// <summary>Number of received bytes.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Number of sent bytes.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Creates a handler whose connections are counted.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectCallback = async (context, stop) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, stop);
            return new CountingStream(this, socket);
        },
    };

    private sealed class CountingStream(ConnectionMeter wire, Socket socket) : NetworkStream(socket, ownsSocket: true)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            Interlocked.Add(ref wire._received, read);
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Interlocked.Add(ref wire._sent, buffer.Length);
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
