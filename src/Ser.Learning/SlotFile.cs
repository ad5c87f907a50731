using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ser.Learning;

/// <summary>
/// A cache file with one slot for each utterance of a corpus. Any number of jobs and processes fill it as they first compute a content.
/// All of them write the same bits, so concurrent writes do no harm.
/// A slot holds the SHA-256 and the length of its content, then the content. Where these do not match, the content is not there yet,
/// half written or damaged, and the caller computes it again.
/// The file is not memory-mapped, because a full disk or a truncated file would then end the process with a signal.
/// </summary>
public sealed class SlotFile : IDisposable
{
    private const int HeaderBytes = SHA256.HashSizeInBytes + sizeof(long);
    private readonly long[] _slots;
    private readonly FileStream _file;

    /// <summary>Opens or creates a file.</summary>
    /// <param name="path">The file. Its name must identify everything that determines the contents. Its folder is created.</param>
    /// <param name="capacities">Largest content of each slot, in bytes.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public SlotFile(string path, IReadOnlyList<long> capacities)
    {
        _slots = new long[capacities.Count + 1];
        for (int i = 0; i < capacities.Count; i++)
        {
            _slots[i + 1] = _slots[i] + HeaderBytes + capacities[i];
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        const FileShare Share = FileShare.ReadWrite | FileShare.Delete;
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, Share, bufferSize: 0);
    }

    /// <summary>Length of a slot's content in bytes, or null where there is none. Does not check that the content is complete.</summary>
    public long? Length(int slot)
    {
        Span<byte> field = stackalloc byte[sizeof(long)];
        if (!TryFill(field, _slots[slot] + SHA256.HashSizeInBytes))
        {
            return null;
        }

        long length = BinaryPrimitives.ReadInt64LittleEndian(field);
        return length > 0 && length <= Capacity(slot) ? length : null;
    }

    /// <summary>
    /// Reads a slot into <paramref name="content"/>, which must have the length of the slot's content.
    /// Returns false where the content is missing or incomplete.
    /// </summary>
    public bool TryRead(int slot, Span<byte> content)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        if (Length(slot) != content.Length
            || !TryFill(digest, _slots[slot])
            || !TryFill(content, _slots[slot] + HeaderBytes))
        {
            return false;
        }

        SHA256.HashData(content, actual);
        return digest.SequenceEqual(actual);
    }

    /// <summary>
    /// Fills a slot. Does nothing where the content exceeds the slot or the disk is full; such contents are computed each time.
    /// </summary>
    public void Write(int slot, ReadOnlySpan<byte> content)
    {
        if (content.Length > Capacity(slot))
        {
            return;
        }

        Span<byte> header = stackalloc byte[HeaderBytes];
        SHA256.HashData(content, header);
        BinaryPrimitives.WriteInt64LittleEndian(header[SHA256.HashSizeInBytes..], content.Length);
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, content, _slots[slot] + HeaderBytes);
            RandomAccess.Write(_file.SafeFileHandle, header, _slots[slot]);
        }
        catch (IOException)
        {
            // A content that cannot be cached only costs the time to compute it again.
        }
    }

    private long Capacity(int slot) => _slots[slot + 1] - _slots[slot] - HeaderBytes;

    private bool TryFill(Span<byte> buffer, long offset)
    {
        int read = 0;
        while (read < buffer.Length)
        {
            int count = RandomAccess.Read(_file.SafeFileHandle, buffer[read..], offset + read);
            if (count == 0)
            {
                break;
            }

            read += count;
        }

        return read == buffer.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
