using System.Text;

namespace Ser.Checkpoints.Pickles;

/// <summary>
/// Reads forward from byte <paramref name="start"/> of a stream to byte <paramref name="end"/>. Every length is checked against the
/// remaining bytes before anything is allocated.
/// </summary>
internal sealed class ByteCursor(string path, Stream stream, long start, long end, AllocationBudget allowance)
{
    private const int MaxLine = 512;
    private readonly byte[] buffer = new byte[(int)Math.Clamp(end - start, 0, 8192)];
    private long bufferStart = start;
    private int used;
    private int bufferLength;

    /// <summary>The position of the next byte in the stream.</summary>
    internal long Position => bufferStart + used;

    internal byte Byte() => Take(1)[0];

    /// <summary>Reads the next bytes. The span is valid until the next call.</summary>
    internal ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > end - Position)
        {
            throw InvalidCheckpoint.Truncated(path, Position, end);
        }

        if (count > buffer.Length)
        {
            allowance.Spend(count);
            byte[] large = new byte[count];
            long from = Position;
            stream.Position = from;
            stream.ReadExactly(large);
            MoveTo(from + count);
            return large;
        }

        if (count > bufferLength - used)
        {
            MoveTo(Position);
            stream.Position = bufferStart;
            bufferLength = (int)Math.Min(buffer.Length, end - bufferStart);
            stream.ReadExactly(buffer.AsSpan(0, bufferLength));
        }

        var bytes = buffer.AsSpan(used, (int)count);
        used += (int)count;
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
        bufferStart = position;
        used = bufferLength = 0;
    }
}
