using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Ser.Audio;

/// <summary>
/// The header of a RIFF/WAVE file: format, and position of the samples.
/// </summary>
/// <param name="Info">Format, rate, channels and length.</param>
/// <param name="SampleBytes">Size of one sample's container in bytes.</param>
/// <param name="DataStart">Byte of the file at which the samples begin.</param>
internal sealed record WavHeader(AudioInfo Info, int SampleBytes, long DataStart)
{
    private const int Pcm = 1, Float = 3, ALaw = 6, MuLaw = 7, Extensible = 0xFFFE;
    private const string CopyAgain = "copy the recording again from its source";

    // Bytes 2 to 15 of every sub-format GUID whose first two bytes are a format tag.
    private static ReadOnlySpan<byte> TagGuid => [0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71];

    internal bool IsFloat => Info.Encoding is "FLOAT" or "DOUBLE";

    internal static bool IsWav(SafeFileHandle file)
    {
        Span<byte> start = stackalloc byte[12];
        int read = RandomAccess.Read(file, start, 0);
        return start[..Math.Min(read, 4)].SequenceEqual("RIFF"u8[..Math.Min(read, 4)]) && (read < 12 || start[8..].SequenceEqual("WAVE"u8));
    }

    internal static WavHeader Read(string path, SafeFileHandle file)
    {
        var bytes = new HeaderBytes(file);
        SampleFormat? format = null;
        (long Start, long Bytes)? data = null;
        for (long chunk = 12; chunk + 8 <= bytes.Length && (format is null || data is null);)
        {
            var header = bytes.ReadAt(chunk, 8);
            long size = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);

            // A program that writes to a pipe leaves 0xFFFFFFFF as the size, and a truncated file declares more than it has.
            long present = Math.Min(size, bytes.Length - chunk - 8);
            if (header[..4].SequenceEqual("fmt "u8))
            {
                format = ParseFormat(path, bytes.ReadAt(chunk + 8, (int)Math.Min(present, 40)));
            }
            else if (header[..4].SequenceEqual("data"u8))
            {
                data = (chunk + 8, present);
            }

            chunk += 8 + size + (size & 1);
        }

        if (format is not { } found)
        {
            throw new AudioException(path, "the WAV header is truncated: it has no 'fmt ' chunk", CopyAgain);
        }

        if (data is not { } samples)
        {
            throw new AudioException(path, "the WAV file has no 'data' chunk", CopyAgain);
        }

        long frames = found.Channels == 0 ? 0 : samples.Bytes / found.SampleBytes / found.Channels;
        var info = new AudioInfo("WAV", found.Encoding, found.Rate, found.Channels, frames);
        return new WavHeader(info, found.SampleBytes, samples.Start);
    }

    private static SampleFormat ParseFormat(string path, ReadOnlySpan<byte> fmt)
    {
        if (fmt.Length < 16)
        {
            string what = $"the 'fmt ' chunk of the WAV header is truncated at {fmt.Length} bytes";
            throw new AudioException(path, what, CopyAgain);
        }

        int tag = BinaryPrimitives.ReadUInt16LittleEndian(fmt);
        int channels = BinaryPrimitives.ReadUInt16LittleEndian(fmt[2..]);
        int rate = (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(fmt[4..]), int.MaxValue);
        int align = BinaryPrimitives.ReadUInt16LittleEndian(fmt[12..]);
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(fmt[14..]);
        if (tag == Extensible && fmt.Length >= 40 && fmt[26..40].SequenceEqual(TagGuid))
        {
            tag = BinaryPrimitives.ReadUInt16LittleEndian(fmt[24..]);
        }

        // 24 bits may be left-justified in containers of 4 bytes. The size of a frame then gives the size of a container.
        int bytes = (bits + 7) / 8;
        int alignedBytes = channels > 0 && align % channels == 0 ? align / channels : 0;
        int container = alignedBytes > bytes && alignedBytes <= 4 ? alignedBytes : bytes;
        return (tag, bits) switch
        {
            (Pcm, >= 1 and <= 8) when container == 1 => new SampleFormat("PCM_U8", rate, channels, 1),
            (Pcm, >= 1 and <= 32) when container > 1 => new SampleFormat($"PCM_{8 * container}", rate, channels, container),
            (Float, 32) => new SampleFormat("FLOAT", rate, channels, 4),
            (Float, 64) => new SampleFormat("DOUBLE", rate, channels, 8),
            (ALaw, 8) => new SampleFormat("ALAW", rate, channels, 1),
            (MuLaw, 8) => new SampleFormat("ULAW", rate, channels, 1),
            _ => throw new AudioException(
                path,
                $"the WAV format tag 0x{tag:X4} with {bits} bits is not supported",
                "convert to PCM of 8, 16, 24 or 32 bits, floating point of 32 or 64 bits, A-law or mu-law"),
        };
    }

    private readonly record struct SampleFormat(string Encoding, int Rate, int Channels, int SampleBytes);

    /// <summary>
    /// Random access to the chunk headers. The first bytes of the file, which hold all headers in most files, are read once.
    /// </summary>
    private sealed class HeaderBytes
    {
        private readonly SafeFileHandle _file;
        private readonly byte[] _first = new byte[512];
        private readonly byte[] _buffer = new byte[40];
        private readonly int _firstLength;

        internal HeaderBytes(SafeFileHandle file)
        {
            _file = file;
            Length = RandomAccess.GetLength(file);
            _firstLength = RandomAccess.Read(file, _first, 0);
        }

        internal long Length { get; }

        internal ReadOnlySpan<byte> ReadAt(long offset, int count) => offset + count <= _firstLength
            ? _first.AsSpan((int)offset, count)
            : _buffer.AsSpan(0, RandomAccess.Read(_file, _buffer.AsSpan(0, count), offset));
    }
}
