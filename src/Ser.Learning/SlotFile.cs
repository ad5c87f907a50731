using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;

namespace Ser.Learning;

/// <summary>
/// A memory-mapped file with a slot for each utterance of a corpus, filled as contents are first computed, by any number of jobs and processes: all of them write the same
/// bits. A slot is the content's SHA-256 and length, then the content; where they do not fit, the content is not there yet, half written or damaged, and is made again.
/// </summary>
public sealed class SlotFile : IDisposable
{
    private const int Head = SHA256.HashSizeInBytes + sizeof(long);
    private readonly long[] slots;
    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;

    /// <summary>Opens or creates a file.</summary>
    /// <param name="path">Its name must say what decides the contents. Its folder is made.</param>
    /// <param name="capacities">Most bytes of each slot.</param>
    /// <exception cref="IOException">The disk is full or the file cannot be written.</exception>
    public SlotFile(string path, IReadOnlyList<long> capacities)
    {
        slots = new long[capacities.Count + 1];
        for (int i = 0; i < capacities.Count; i++)
        {
            slots[i + 1] = slots[i] + Head + capacities[i];
        }

        long size = Math.Max(1, slots[^1]);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var handle = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            if (handle.Length < size)
            {
                handle.SetLength(size); // zeros that take no room until they are written
            }

            file = MemoryMappedFile.CreateFromFile(handle, null, size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
            view = file.CreateViewAccessor(0, size);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Bytes of a slot's content, or null where there is none. Says nothing about whether it is whole.</summary>
    public long? Length(int slot)
    {
        Span<byte> head = stackalloc byte[Head];
        view.SafeMemoryMappedViewHandle.ReadSpan((ulong)slots[slot], head);
        long length = BinaryPrimitives.ReadInt64LittleEndian(head[SHA256.HashSizeInBytes..]);
        return length > 0 && length <= Capacity(slot) ? length : null;
    }

    /// <summary>Reads a slot into <paramref name="content"/>, whose length must be the content's; false where it is not there or not whole.</summary>
    public bool TryRead(int slot, Span<byte> content)
    {
        if (Length(slot) != content.Length)
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        view.SafeMemoryMappedViewHandle.ReadSpan((ulong)slots[slot], digest);
        view.SafeMemoryMappedViewHandle.ReadSpan((ulong)(slots[slot] + Head), content);
        SHA256.HashData(content, actual);
        return digest.SequenceEqual(actual);
    }

    /// <summary>Fills a slot, unless the content is larger than it: that one is made anew each time.</summary>
    public void Write(int slot, ReadOnlySpan<byte> content)
    {
        if (content.Length > Capacity(slot))
        {
            return;
        }

        Span<byte> head = stackalloc byte[Head];
        SHA256.HashData(content, head);
        BinaryPrimitives.WriteInt64LittleEndian(head[SHA256.HashSizeInBytes..], content.Length);
        view.SafeMemoryMappedViewHandle.WriteSpan((ulong)(slots[slot] + Head), content);
        view.SafeMemoryMappedViewHandle.WriteSpan<byte>((ulong)slots[slot], head);
    }

    private long Capacity(int slot) => slots[slot + 1] - slots[slot] - Head;

    /// <inheritdoc/>
    public void Dispose()
    {
        view.Dispose();
        file.Dispose();
    }
}
