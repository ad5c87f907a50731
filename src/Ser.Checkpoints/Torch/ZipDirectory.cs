using System.Buffers.Binary;
using System.Text;
using Ser.Checkpoints.Pickles;

namespace Ser.Checkpoints.Torch;

/// <summary>
/// The central directory of a zip file: where each stored entry's bytes lie. torch.save stores and never compresses, so that an entry has exactly the bytes that it
/// shows. Nothing that an entry claims is believed beyond the file's end.
/// </summary>
internal sealed class ZipDirectory
{
    private const int EndRecord = 22, LocatorRecord = 20, End64Record = 56, EntryRecord = 46, LocalRecord = 30, LongestComment = 65_535;
    private const uint EndMark = 0x06054B50, LocatorMark = 0x07064B50, End64Mark = 0x06064B50, EntryMark = 0x02014B50, LocalMark = 0x04034B50;
    private readonly string path;
    private readonly Stream stream;

    private ZipDirectory(string path, Stream stream)
    {
        this.path = path;
        this.stream = stream;
    }

    /// <summary>Where an entry's record lies, and its bytes.</summary>
    private readonly record struct Entry(long Header, long Bytes, bool Stored);

    private Dictionary<string, Entry> Entries { get; } = [];

    /// <summary>Names of all entries.</summary>
    internal IEnumerable<string> Names => Entries.Keys;

    internal static ZipDirectory Read(string path, Stream stream, Allowance allowance)
    {
        var directory = new ZipDirectory(path, stream);
        var (start, bytes) = directory.Find();
        directory.ReadEntries(new ByteCursor(path, stream, start, start + bytes, allowance), start + bytes, allowance);
        return directory;
    }

    /// <summary>Where an entry's bytes begin and end in the file.</summary>
    /// <exception cref="InvalidDataException">There is no such entry, it is compressed, or it lies outside the file.</exception>
    internal (long Start, long End) Bytes(string name)
    {
        if (!Entries.TryGetValue(name, out var entry))
        {
            throw Unsound.File(path, $"the zip file has no entry {name}; download it again");
        }

        if (!entry.Stored)
        {
            throw Unsound.File(path, $"the zip entry {name} is compressed, which torch.save never does; unpack the file and save its contents again with torch.save");
        }

        Span<byte> local = stackalloc byte[LocalRecord];
        ReadAt(entry.Header, local, $"the zip entry {name}");
        long start = entry.Header + LocalRecord + BinaryPrimitives.ReadUInt16LittleEndian(local[26..]) + BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(local) == LocalMark && start + entry.Bytes <= stream.Length
            ? (start, start + entry.Bytes)
            : throw Outside($"the zip entry {name}");
    }

    private (long Start, long Bytes) Find()
    {
        byte[] tail = new byte[(int)Math.Min(stream.Length, EndRecord + LongestComment)];
        long tailStart = stream.Length - tail.Length;
        ReadAt(tailStart, tail, "the zip file's end");
        for (int at = tail.Length - EndRecord; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) == EndMark)
            {
                long start = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]), bytes = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
                return Checked(start == uint.MaxValue || bytes == uint.MaxValue ? Find64(tailStart + at - LocatorRecord) : (start, bytes));
            }
        }

        throw Unsound.File(path, "the zip file is cut short: it has no directory at its end; download it again");
    }

    private (long Start, long Bytes) Find64(long locatorStart)
    {
        Span<byte> locator = stackalloc byte[LocatorRecord];
        ReadAt(locatorStart, locator, "the zip file's directory");
        Span<byte> end = stackalloc byte[End64Record];
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorMark)
        {
            throw Outside("the zip file's directory");
        }

        ReadAt(BinaryPrimitives.ReadInt64LittleEndian(locator[8..]), end, "the zip file's directory");
        return BinaryPrimitives.ReadUInt32LittleEndian(end) == End64Mark
            ? (BinaryPrimitives.ReadInt64LittleEndian(end[48..]), BinaryPrimitives.ReadInt64LittleEndian(end[40..]))
            : throw Outside("the zip file's directory");
    }

    private (long Start, long Bytes) Checked((long Start, long Bytes) directory) =>
        directory is { Start: >= 0, Bytes: >= 0 } && directory.Start <= stream.Length && directory.Bytes <= stream.Length - directory.Start
            ? directory
            : throw Outside("the zip file's directory");

    private void ReadEntries(ByteCursor bytes, long end, Allowance allowance)
    {
        while (bytes.Position < end)
        {
            var record = bytes.Take(EntryRecord);
            if (BinaryPrimitives.ReadUInt32LittleEndian(record) != EntryMark)
            {
                throw Unsound.File(path, $"the zip file's directory is broken at byte {bytes.Position - EntryRecord}; download it again");
            }

            bool stored = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]) == 0;
            long packed = BinaryPrimitives.ReadUInt32LittleEndian(record[20..]), size = BinaryPrimitives.ReadUInt32LittleEndian(record[24..]);
            int name = BinaryPrimitives.ReadUInt16LittleEndian(record[28..]), extra = BinaryPrimitives.ReadUInt16LittleEndian(record[30..]);
            int comment = BinaryPrimitives.ReadUInt16LittleEndian(record[32..]);
            long header = BinaryPrimitives.ReadUInt32LittleEndian(record[42..]);
            allowance.Spend(128 + (2L * name));
            string text = Encoding.Latin1.GetString(bytes.Take(name)); // names that torch.save gives are ASCII but for the folder's, which only has to match itself
            (size, packed, header) = Wide(bytes.Take(extra), size, packed, header);
            bytes.Skip(comment);
            if (size < 0 || header < 0 || header > stream.Length || size > stream.Length - header || (stored && packed != size))
            {
                throw Outside($"the zip entry {text}");
            }

            Entries[text] = new Entry(header, size, stored);
        }
    }

    // Zip64: those of the three numbers that do not fit into 32 bits follow in the extra field, in this order.
    private static (long Size, long Packed, long Header) Wide(ReadOnlySpan<byte> extra, long size, long packed, long header)
    {
        while (extra.Length >= 4)
        {
            int kind = BinaryPrimitives.ReadUInt16LittleEndian(extra), count = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            extra = extra[4..];
            var field = extra[..Math.Min(count, extra.Length)];
            extra = extra[field.Length..];
            if (kind == 1)
            {
                size = Next(ref field, size);
                packed = Next(ref field, packed);
                header = Next(ref field, header);
            }
        }

        return (size, packed, header);

        static long Next(ref ReadOnlySpan<byte> field, long narrow)
        {
            if (narrow != uint.MaxValue || field.Length < 8)
            {
                return narrow;
            }

            long wide = BinaryPrimitives.ReadInt64LittleEndian(field);
            field = field[8..];
            return wide;
        }
    }

    private void ReadAt(long position, Span<byte> bytes, string what)
    {
        if (position < 0 || position > stream.Length - bytes.Length)
        {
            throw Outside(what);
        }

        stream.Position = position;
        stream.ReadExactly(bytes);
    }

    private InvalidDataException Outside(string what) => Unsound.File(path, $"{what} lies outside the file or is broken; download it again");
}
