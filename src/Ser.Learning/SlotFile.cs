using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ser.Learning;

/// <summary>
/// A file with a slot for each utterance of a corpus, filled as contents are first computed, by any number of jobs and processes: all of them write the same
/// bits, and read them from the system's page cache. A slot is the content's SHA-256 and length, then the content; where they do not fit, the content is not there yet, half
/// written or damaged, and is made again. Not memory-mapped: a full disk or a file cut short would end the process with a signal.
/// </summary>
public sealed class SlotFile : IDisposable
{
    private const int Head = SHA256.HashSizeInBytes + sizeof(long);
    private readonly long[] slots;
    private readonly FileStream file;

    /// <summary>Opens or creates a file.</summary>
    /// <param name="path">Its name must say what decides the contents. Its folder is made.</param>
    /// <param name="capacities">Most bytes of each slot.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public SlotFile(string path, IReadOnlyList<long> capacities)
    {
        slots = new long[capacities.Count + 1];
        for (int i = 0; i < capacities.Count; i++)
        {
            slots[i + 1] = slots[i] + Head + capacities[i];
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
    }

    /// <summary>Bytes of a slot's content, or null where there is none. Says nothing about whether it is whole.</summary>
    public long? Length(int slot)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        return Filled(length, slots[slot] + SHA256.HashSizeInBytes) && BinaryPrimitives.ReadInt64LittleEndian(length) is > 0 and var bytes && bytes <= Capacity(slot) ? bytes : null;
    }

    /// <summary>Reads a slot into <paramref name="content"/>, whose length must be the content's; false where it is not there or not whole.</summary>
    public bool TryRead(int slot, Span<byte> content)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        if (Length(slot) != content.Length || !Filled(digest, slots[slot]) || !Filled(content, slots[slot] + Head))
        {
            return false;
        }

        SHA256.HashData(content, actual);
        return digest.SequenceEqual(actual);
    }

    /// <summary>Fills a slot, unless the content is larger than it or the disk is full: such contents are made anew each time.</summary>
    public void Write(int slot, ReadOnlySpan<byte> content)
    {
        if (content.Length > Capacity(slot))
        {
            return;
        }

        Span<byte> head = stackalloc byte[Head];
        SHA256.HashData(content, head);
        BinaryPrimitives.WriteInt64LittleEndian(head[SHA256.HashSizeInBytes..], content.Length);
        try
        {
            RandomAccess.Write(file.SafeFileHandle, content, slots[slot] + Head);
            RandomAccess.Write(file.SafeFileHandle, head, slots[slot]);
        }
        catch (IOException)
        {
            // What cannot be kept costs time alone.
        }
    }

    private long Capacity(int slot) => slots[slot + 1] - slots[slot] - Head;

    private bool Filled(Span<byte> buffer, long offset)
    {
        int read = 0;
        while (read < buffer.Length && RandomAccess.Read(file.SafeFileHandle, buffer[read..], offset + read) is > 0 and var more)
        {
            read += more;
        }

        return read == buffer.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
