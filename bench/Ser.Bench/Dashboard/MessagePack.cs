using System.Buffers.Binary;
using System.Text;

namespace Ser.Bench.Dashboard;

/// <summary>
/// The subset of MessagePack that a Blazor circuit uses: null, booleans, integers, strings, bytes, arrays and maps. The framework's
/// implementation is not public.
/// </summary>
internal static class MessagePack
{
    /// <summary>Serialises a message and puts its length in front of it (7 bits per byte, the lowest first).</summary>
    public static byte[] Frame(params object?[] message)
    {
        using var body = new MemoryStream();
        Write(body, message);
        using var framed = new MemoryStream();
        for (uint length = (uint)body.Length; ;)
        {
            byte low = (byte)(length & 0x7F);
            length >>= 7;
            framed.WriteByte(length == 0 ? low : (byte)(low | 0x80));
            if (length == 0)
            {
                break;
            }
        }

        body.WriteTo(framed);
        return framed.ToArray();
    }

    /// <summary>Parses the message at the beginning of the received bytes; null if it is incomplete.</summary>
    public static FramedMessage? ParseFrame(ReadOnlySpan<byte> received)
    {
        int length = 0, at = 0;
        do
        {
            if (at == received.Length)
            {
                return null;
            }

            length |= (received[at] & 0x7F) << (7 * at);
        }
        while ((received[at++] & 0x80) != 0);
        if (received.Length < at + length)
        {
            return null;
        }

        int read = at;
        var message = (IReadOnlyList<object?>)Read(received, ref read)!;
        return new FramedMessage(message, at + length);
    }

    private static void Write(MemoryStream to, object? value)
    {
        switch (value)
        {
            case null:
                to.WriteByte(0xC0);
                break;
            case bool flag:
                to.WriteByte(flag ? (byte)0xC3 : (byte)0xC2);
                break;
            case int number:
                Write(to, (long)number);
                break;
            case long number:
                WriteHeader(to, 0xD3, number, 8);
                break;
            case string text:
                byte[] bytes = Encoding.UTF8.GetBytes(text);
                WriteHeader(to, 0xDB, bytes.Length, 4);
                to.Write(bytes);
                break;
            case IReadOnlyDictionary<string, string> { Count: 0 }:
                to.WriteByte(0x80);
                break;
            case object?[] list:
                WriteHeader(to, 0xDD, list.Length, 4);
                foreach (object? part in list)
                {
                    Write(to, part);
                }

                break;
            default:
                throw new ArgumentException($"unsupported type {value.GetType().Name}", nameof(value));
        }
    }

    private static void WriteHeader(MemoryStream to, byte kind, long number, int bytes)
    {
        Span<byte> all = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(all, number);
        to.WriteByte(kind);
        to.Write(all[(8 - bytes)..]);
    }

    private static object? Read(ReadOnlySpan<byte> from, ref int at)
    {
        byte kind = from[at++];
        switch (kind)
        {
            case < 0x80:
                return (long)kind;
            case < 0x90:
                return Map(from, ref at, kind & 0x0F);
            case < 0xA0:
                return List(from, ref at, kind & 0x0F);
            case < 0xC0:
                return Text(from, ref at, kind & 0x1F);
            case >= 0xE0:
                return (long)(sbyte)kind;
            case 0xC0:
                return null;
            case 0xC2 or 0xC3:
                return kind == 0xC3;
            case 0xC4 or 0xC5 or 0xC6:
                int length = (int)Number(from, ref at, 1 << (kind - 0xC4), signed: false);
                at += length;
                return from.Slice(at - length, length).ToArray();
            case 0xCA or 0xCB:
                return kind == 0xCA
                    ? BinaryPrimitives.ReadSingleBigEndian(Take(from, ref at, 4))
                    : BinaryPrimitives.ReadDoubleBigEndian(Take(from, ref at, 8));
            case 0xCC or 0xCD or 0xCE or 0xCF:
                return Number(from, ref at, 1 << (kind - 0xCC), signed: false);
            case 0xD0 or 0xD1 or 0xD2 or 0xD3:
                return Number(from, ref at, 1 << (kind - 0xD0), signed: true);
            case 0xD9 or 0xDA or 0xDB:
                return Text(from, ref at, (int)Number(from, ref at, 1 << (kind - 0xD9), signed: false));
            case 0xDC or 0xDD:
                return List(from, ref at, (int)Number(from, ref at, kind == 0xDC ? 2 : 4, signed: false));
            case 0xDE or 0xDF:
                return Map(from, ref at, (int)Number(from, ref at, kind == 0xDE ? 2 : 4, signed: false));
            default:
                throw new InvalidDataException($"unsupported MessagePack type 0x{kind:x2}");
        }
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> from, ref int at, int bytes)
    {
        at += bytes;
        return from.Slice(at - bytes, bytes);
    }

    private static long Number(ReadOnlySpan<byte> from, ref int at, int bytes, bool signed)
    {
        long value = signed && (sbyte)from[at] < 0 ? -1 : 0;
        foreach (byte part in Take(from, ref at, bytes))
        {
            value = (value << 8) | part;
        }

        return value;
    }

    private static string Text(ReadOnlySpan<byte> from, ref int at, int bytes) =>
        Encoding.UTF8.GetString(Take(from, ref at, bytes));

    private static object?[] List(ReadOnlySpan<byte> from, ref int at, int count)
    {
        object?[] list = new object?[count];
        for (int i = 0; i < count; i++)
        {
            list[i] = Read(from, ref at);
        }

        return list;
    }

    private static Dictionary<string, object?> Map(ReadOnlySpan<byte> from, ref int at, int count)
    {
        var map = new Dictionary<string, object?>(count);
        for (int i = 0; i < count; i++)
        {
            string key = Read(from, ref at)?.ToString() ?? "";
            map[key] = Read(from, ref at);
        }

        return map;
    }
}

/// <summary>A parsed message.</summary>
/// <param name="Message">Its parts.</param>
/// <param name="Length">Number of bytes that it took, including its length prefix.</param>
internal sealed record FramedMessage(IReadOnlyList<object?> Message, int Length);
