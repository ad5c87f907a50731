using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Ser.Audio;

/// <summary>
/// What the chunks of a RIFF/WAVE file say: format, and where the samples lie. SampleBytes is the size of one sample's container; the samples begin
/// at byte DataStart.
/// </summary>
internal sealed record WavHeader(AudioInfo Info, int SampleBytes, long DataStart)
{
    private const int Pcm = 1, Float = 3, ALaw = 6, MuLaw = 7, Extensible = 0xFFFE;

    // Bytes 2 to 15 of every sub-format GUID that stands for a format tag.
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
        (string Encoding, int Rate, int Channels, int SampleBytes)? format = null;
        (long Start, long Bytes)? data = null;
        for (long chunk = 12; chunk + 8 <= bytes.Length && (format is null || data is null);)
        {
            var head = bytes.At(chunk, 8);
            long size = BinaryPrimitives.ReadUInt32LittleEndian(head[4..]);
            long present = Math.Min(size, bytes.Length - chunk - 8); // a pipe writer leaves 0xFFFFFFFF, a cut file promises more than it has
            if (head[..4].SequenceEqual("fmt "u8))
            {
                format = Format(path, bytes.At(chunk + 8, (int)Math.Min(present, 40)));
            }
            else if (head[..4].SequenceEqual("data"u8))
            {
                data = (chunk + 8, present);
            }

            chunk += 8 + size + (size & 1);
        }

        if (format is not { } found)
        {
            throw new AudioException(path, "the WAV header is cut short: it has no 'fmt ' chunk", "copy the recording again from its source");
        }

        if (data is not { } samples)
        {
            throw new AudioException(path, "the WAV file has no 'data' chunk", "copy the recording again from its source");
        }

        long frames = found.Channels == 0 ? 0 : samples.Bytes / found.SampleBytes / found.Channels;
        return new WavHeader(new AudioInfo("WAV", found.Encoding, found.Rate, found.Channels, frames), found.SampleBytes, samples.Start);
    }

    private static (string Encoding, int Rate, int Channels, int SampleBytes) Format(string path, ReadOnlySpan<byte> fmt)
    {
        if (fmt.Length < 16)
        {
            throw new AudioException(path, $"the 'fmt ' chunk of the WAV header is cut short at {fmt.Length} bytes", "copy the recording again from its source");
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

        // 24 bits may lie in containers of 4 bytes, left-justified; then the frame size tells.
        int bytes = (bits + 7) / 8;
        int container = channels > 0 && align % channels == 0 && align / channels > bytes && align / channels <= 4 ? align / channels : bytes;
        return (tag, bits) switch
        {
            (Pcm, >= 1 and <= 8) when container == 1 => ("PCM_U8", rate, channels, 1),
            (Pcm, >= 1 and <= 32) when container > 1 => ($"PCM_{8 * container}", rate, channels, container),
            (Float, 32) => ("FLOAT", rate, channels, 4),
            (Float, 64) => ("DOUBLE", rate, channels, 8),
            (ALaw, 8) => ("ALAW", rate, channels, 1),
            (MuLaw, 8) => ("ULAW", rate, channels, 1),
            _ => throw new AudioException(path, $"the WAV format tag 0x{tag:X4} with {bits} bits is not known",
                "convert to PCM of 8, 16, 24 or 32 bits, floating point of 32 or 64 bits, A-law or mu-law"),
        };
    }

    /// <summary>Random access to the chunk headers; the file's first bytes, which hold all of them in most files, are read once.</summary>
    private sealed class HeaderBytes
    {
        private readonly SafeFileHandle file;
        private readonly byte[] first = new byte[512];
        private readonly byte[] far = new byte[40];
        private readonly int held;

        internal HeaderBytes(SafeFileHandle file)
        {
            this.file = file;
            Length = RandomAccess.GetLength(file);
            held = RandomAccess.Read(file, first, 0);
        }

        internal long Length { get; }

        internal ReadOnlySpan<byte> At(long offset, int count) => offset + count <= held
            ? first.AsSpan((int)offset, count)
            : far.AsSpan(0, RandomAccess.Read(file, far.AsSpan(0, count), offset));
    }
}
