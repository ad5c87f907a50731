using System.Buffers.Binary;
using System.Text;

namespace Ser.Bench.Dashboard;

/// <summary>As much of MessagePack as a circuit speaks: nothing, truths, whole numbers, texts, bytes, lists and maps. The framework's own is not for others' use.</summary>
internal static class MessagePack
{
    /// <summary>A message with its length before it.</summary>
    public static byte[] Framed(params object?[] message)
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

    /// <summary>Takes a whole message from the beginning of what has come.</summary>
    /// <returns>The message and the bytes that it took, or null: more must come.</returns>
    public static (IReadOnlyList<object?> Message, int Length)? Unframed(ReadOnlySpan<byte> come)
    {
        int length = 0, at = 0;
        do
        {
            if (at == come.Length)
            {
                return null;
            }

            length |= (come[at] & 0x7F) << (7 * at);
        }
        while ((come[at++] & 0x80) != 0);
        if (come.Length < at + length)
        {
            return null;
        }

        int read = at;
        return ((IReadOnlyList<object?>)Read(come, ref read)!, at + length);
    }

    private static void Write(MemoryStream to, object? value)
    {
        switch (value)
        {
            case null:
                to.WriteByte(0xC0);
                break;
            case bool truth:
                to.WriteByte(truth ? (byte)0xC3 : (byte)0xC2);
                break;
            case int number:
                Write(to, (long)number);
                break;
            case long number:
                Head(to, 0xD3, number, 8);
                break;
            case string text:
                byte[] letters = Encoding.UTF8.GetBytes(text);
                Head(to, 0xDB, letters.Length, 4);
                to.Write(letters);
                break;
            case IReadOnlyDictionary<string, string> { Count: 0 }:
                to.WriteByte(0x80);
                break;
            case object?[] list:
                Head(to, 0xDD, list.Length, 4);
                foreach (object? part in list)
                {
                    Write(to, part);
                }

                break;
            default:
                throw new ArgumentException(value.GetType().Name, nameof(value));
        }
    }

    private static void Head(MemoryStream to, byte kind, long number, int bytes)
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
                return kind == 0xCA ? BinaryPrimitives.ReadSingleBigEndian(Taken(from, ref at, 4)) : BinaryPrimitives.ReadDoubleBigEndian(Taken(from, ref at, 8));
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
                throw new InvalidDataException($"MessagePack of kind {kind:x2}");
        }
    }

    private static ReadOnlySpan<byte> Taken(ReadOnlySpan<byte> from, ref int at, int bytes)
    {
        at += bytes;
        return from.Slice(at - bytes, bytes);
    }

    private static long Number(ReadOnlySpan<byte> from, ref int at, int bytes, bool signed)
    {
        long value = signed && (sbyte)from[at] < 0 ? -1 : 0;
        foreach (byte part in Taken(from, ref at, bytes))
        {
            value = (value << 8) | part;
        }

        return value;
    }

    private static string Text(ReadOnlySpan<byte> from, ref int at, int bytes) => Encoding.UTF8.GetString(Taken(from, ref at, bytes));

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
