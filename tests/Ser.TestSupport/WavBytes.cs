using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Ser.TestSupport;

/// <summary>WAV files that are assembled byte by byte, in a folder of their own that is deleted afterwards.</summary>
public sealed class WavBytes : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("ser-audio-").FullName;

    public string File(string name, byte[] bytes)
    {
        string path = Path.Combine(Folder, name);
        System.IO.File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A recording: mono, 16 bits, 16 kHz.</summary>
    public static byte[] FromSamples(short[] samples) => Wav(1, 16, 1, 16_000, MemoryMarshal.AsBytes<short>(samples).ToArray());

    public static byte[] Wav(int tag, int bits, int channels, int rate, byte[] data)
    {
        var bytes = new byte[44 + data.Length];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), 36 + data.Length);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), (short)tag);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(22), (ushort)channels);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), rate * channels * bits / 8);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), (short)(channels * bits / 8));
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), (short)bits);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), data.Length);
        data.CopyTo(bytes, 44);
        return bytes;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
