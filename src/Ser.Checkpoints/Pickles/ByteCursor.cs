using System.Text;

namespace Ser.Checkpoints.Pickles;

/// <summary>
/// Reads forward from byte <paramref name="start"/> of a stream to byte <paramref name="end"/>. Every length is checked against the
/// remaining bytes before anything is allocated.
/// </summary>
internal sealed class ByteCursor(string path, Stream stream, long start, long end, AllocationBudget allowance)
{
    private const int MaxLine = 512;
    private readonly byte[] _buffer = new byte[(int)Math.Clamp(end - start, 0, 8192)];
    private long _bufferStart = start;
    private int _used;
    private int _bufferLength;

    /// <summary>The position of the next byte in the stream.</summary>
    internal long Position => _bufferStart + _used;

    internal byte Byte() => Take(1)[0];

    /// <summary>Reads the next bytes. The span is valid until the next call.</summary>
    internal ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > end - Position)
        {
            throw InvalidCheckpoint.Truncated(path, Position, end);
        }

        if (count > _buffer.Length)
        {
            allowance.Spend(count);
            byte[] large = new byte[count];
            long from = Position;
            stream.Position = from;
            stream.ReadExactly(large);
            MoveTo(from + count);
            return large;
        }

        if (count > _bufferLength - _used)
        {
            MoveTo(Position);
            stream.Position = _bufferStart;
            _bufferLength = (int)Math.Min(_buffer.Length, end - _bufferStart);
            stream.ReadExactly(_buffer.AsSpan(0, _bufferLength));
        }

        var bytes = _buffer.AsSpan(_used, (int)count);
        _used += (int)count;
        return bytes;
    }

    /// <summary>Reads text up to the next line feed.</summary>
    internal string Line()
    {
        var line = new StringBuilder();
        for (byte next = Byte(); next != '\n'; next = Byte())
        {
            if (line.Length == MaxLine)
            {
                throw InvalidCheckpoint.Create(path, $"a name in its pickle has more than {MaxLine} characters; download it again");
            }

            line.Append((char)next);
        }

        allowance.Spend(8L * line.Length);
        return line.ToString();
    }

    internal void Skip(long count)
    {
        if (count < 0 || count > end - Position)
        {
            throw InvalidCheckpoint.Truncated(path, Position, end);
        }

        MoveTo(Position + count);
    }

    private void MoveTo(long position)
    {
        _bufferStart = position;
        _used = _bufferLength = 0;
    }
}
