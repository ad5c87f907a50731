using System.Text;

namespace Ser.Checkpoints.Pickles;

/// <summary>Reads forward from byte <paramref name="start"/> of a stream to byte <paramref name="end"/>. Every length is checked against what is left before anything is allocated.</summary>
internal sealed class ByteCursor(string path, Stream stream, long start, long end, Allowance allowance)
{
    private const int MostLine = 512;
    private readonly byte[] buffer = new byte[(int)Math.Clamp(end - start, 0, 8192)];
    private long bufferStart = start;
    private int used;
    private int held;

    /// <summary>The next byte's place in the stream.</summary>
    internal long Position => bufferStart + used;

    internal byte Byte() => Take(1)[0];

    /// <summary>The next bytes; valid until the next call.</summary>
    internal ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > end - Position)
        {
            throw Unsound.CutShort(path, Position, end);
        }

        if (count > buffer.Length)
        {
            allowance.Spend(count);
            byte[] far = new byte[count];
            long from = Position;
            stream.Position = from;
            stream.ReadExactly(far);
            Move(from + count);
            return far;
        }

        if (count > held - used)
        {
            Move(Position);
            stream.Position = bufferStart;
            held = (int)Math.Min(buffer.Length, end - bufferStart);
            stream.ReadExactly(buffer.AsSpan(0, held));
        }

        var bytes = buffer.AsSpan(used, (int)count);
        used += (int)count;
        return bytes;
    }

    /// <summary>Text to the next line feed.</summary>
    internal string Line()
    {
        var line = new StringBuilder();
        for (byte next = Byte(); next != '\n'; next = Byte())
        {
            if (line.Length == MostLine)
            {
                throw Unsound.File(path, $"a name in its pickle has more than {MostLine} letters; download it again");
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
            throw Unsound.CutShort(path, Position, end);
        }

        Move(Position + count);
    }

    private void Move(long position)
    {
        bufferStart = position;
        used = held = 0;
    }
}
