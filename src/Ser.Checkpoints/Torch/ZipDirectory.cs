using System.Buffers.Binary;
using System.Text;
using Ser.Checkpoints.Pickles;

namespace Ser.Checkpoints.Torch;

/// <summary>
/// The central directory of a zip file, with the positions of stored entries. torch.save never compresses, so that the bytes of an entry
/// are its content. All sizes and offsets are checked against the length of the file.
/// </summary>
internal sealed class ZipDirectory
{
    // Sizes of records in bytes, without their parts of variable length.
    private const int EndRecord = 22, LocatorRecord = 20, End64Record = 56, EntryRecord = 46, LocalRecord = 30, MaxComment = 65_535;

    // Signatures that records begin with.
    private const uint EndSignature = 0x06054B50, LocatorSignature = 0x07064B50, End64Signature = 0x06064B50;
    private const uint EntrySignature = 0x02014B50, LocalSignature = 0x04034B50;
    private readonly string _path;
    private readonly Stream _stream;

    private ZipDirectory(string path, Stream stream)
    {
        _path = path;
        _stream = stream;
    }

    /// <summary>The position of an entry's local record, and the length of its content in bytes.</summary>
    private readonly record struct Entry(long Header, long Bytes, bool Stored);

    private readonly record struct EntrySizes(long Size, long Packed, long Header);

    private Dictionary<string, Entry> Entries { get; } = [];

    /// <summary>Names of all entries.</summary>
    internal IEnumerable<string> Names => Entries.Keys;

    internal static ZipDirectory Read(string path, Stream stream, AllocationBudget allowance)
    {
        var directory = new ZipDirectory(path, stream);
        var (start, end) = directory.Find();
        directory.ReadEntries(new ByteCursor(path, stream, start, end, allowance), end, allowance);
        return directory;
    }

    /// <summary>The position of an entry's content in the file.</summary>
    /// <exception cref="InvalidDataException">There is no such entry, it is compressed, or it lies outside the file.</exception>
    internal ByteRange Bytes(string name)
    {
        if (!Entries.TryGetValue(name, out var entry))
        {
            throw InvalidCheckpoint.Create(_path, $"the zip file has no entry {name}; download it again");
        }

        if (!entry.Stored)
        {
            throw InvalidCheckpoint.Create(
                _path,
                $"the zip entry {name} is compressed, which torch.save never does; "
                + "unpack the file and save its contents again with torch.save");
        }

        Span<byte> local = stackalloc byte[LocalRecord];
        ReadAt(entry.Header, local, $"the zip entry {name}");
        int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(local[26..]);
        int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(local[28..]);
        long start = entry.Header + LocalRecord + nameLength + extraLength;
        return BinaryPrimitives.ReadUInt32LittleEndian(local) == LocalSignature && start + entry.Bytes <= _stream.Length
            ? new ByteRange(start, start + entry.Bytes)
            : throw Outside($"the zip entry {name}");
    }

    private ByteRange Find()
    {
        byte[] tail = new byte[(int)Math.Min(_stream.Length, EndRecord + MaxComment)];
        long tailStart = _stream.Length - tail.Length;
        ReadAt(tailStart, tail, "the zip file's end");
        for (int at = tail.Length - EndRecord; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) == EndSignature)
            {
                uint start = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
                uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
                return start == uint.MaxValue || bytes == uint.MaxValue
                    ? Find64(tailStart + at - LocatorRecord)
                    : CheckedDirectory(start, bytes);
            }
        }

        throw InvalidCheckpoint.Create(_path, "the zip file is truncated: it has no directory at its end; download it again");
    }

    private ByteRange Find64(long locatorStart)
    {
        Span<byte> locator = stackalloc byte[LocatorRecord];
        ReadAt(locatorStart, locator, "the zip file's directory");
        Span<byte> end = stackalloc byte[End64Record];
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != LocatorSignature)
        {
            throw Outside("the zip file's directory");
        }

        ReadAt(BinaryPrimitives.ReadInt64LittleEndian(locator[8..]), end, "the zip file's directory");
        return BinaryPrimitives.ReadUInt32LittleEndian(end) == End64Signature
            ? CheckedDirectory(BinaryPrimitives.ReadInt64LittleEndian(end[48..]), BinaryPrimitives.ReadInt64LittleEndian(end[40..]))
            : throw Outside("the zip file's directory");
    }

    private ByteRange CheckedDirectory(long start, long bytes) =>
        start >= 0 && bytes >= 0 && start <= _stream.Length && bytes <= _stream.Length - start
            ? new ByteRange(start, start + bytes)
            : throw Outside("the zip file's directory");

    private void ReadEntries(ByteCursor bytes, long end, AllocationBudget allowance)
    {
        while (bytes.Position < end)
        {
            var record = bytes.Take(EntryRecord);
            if (BinaryPrimitives.ReadUInt32LittleEndian(record) != EntrySignature)
            {
                long position = bytes.Position - EntryRecord;
                throw InvalidCheckpoint.Create(_path, $"the zip file's directory is damaged at byte {position}; download it again");
            }

            bool stored = BinaryPrimitives.ReadUInt16LittleEndian(record[10..]) == 0;
            long packed = BinaryPrimitives.ReadUInt32LittleEndian(record[20..]);
            long size = BinaryPrimitives.ReadUInt32LittleEndian(record[24..]);
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(record[28..]);
            int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(record[30..]);
            int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(record[32..]);
            long header = BinaryPrimitives.ReadUInt32LittleEndian(record[42..]);
            allowance.Spend(128 + (2L * nameLength));

            // The names that torch.save gives are ASCII, except that of the folder, which only has to match itself.
            string name = Encoding.Latin1.GetString(bytes.Take(nameLength));
            (size, packed, header) = ApplyZip64(bytes.Take(extraLength), size, packed, header);
            bytes.Skip(commentLength);
            if (size < 0 || header < 0 || header > _stream.Length || size > _stream.Length - header || (stored && packed != size))
            {
                throw Outside($"the zip entry {name}");
            }

            Entries[name] = new Entry(header, size, stored);
        }
    }

    // Zip64: those of the three numbers that do not fit into 32 bits follow in the extra field, in this order.
    private static EntrySizes ApplyZip64(ReadOnlySpan<byte> extra, long size, long packed, long header)
    {
        while (extra.Length >= 4)
        {
            int kind = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int count = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
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

        return new EntrySizes(size, packed, header);

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
        if (position < 0 || position > _stream.Length - bytes.Length)
        {
            throw Outside(what);
        }

        _stream.Position = position;
        _stream.ReadExactly(bytes);
    }

    private InvalidDataException Outside(string what) =>
        InvalidCheckpoint.Create(_path, $"{what} lies outside the file or is damaged; download it again");
}

/// <summary>Positions in a file: the first byte, and the one after the last.</summary>
internal readonly record struct ByteRange(long Start, long End);
