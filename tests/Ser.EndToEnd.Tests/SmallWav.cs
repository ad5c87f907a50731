using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Ser.EndToEnd.Tests;

/// <summary>Bytes of a recording: mono, 16 bits, 16 kHz.</summary>
internal static class SmallWav
{
    internal static byte[] FromSamples(short[] samples)
    {
        byte[] wav = new byte[44 + (2 * samples.Length)];
        Encoding.ASCII.GetBytes("RIFF    WAVEfmt ").CopyTo(wav, 0);
        Encoding.ASCII.GetBytes("data").CopyTo(wav, 36);
        foreach (var (at, value) in ((int, int)[])[(4, wav.Length - 8), (16, 16), (24, 16_000), (28, 32_000), (40, 2 * samples.Length)])
        {
            BinaryPrimitives.WriteInt32LittleEndian(wav.AsSpan(at), value);
        }

        foreach (var (at, value) in ((int, short)[])[(20, 1), (22, 1), (32, 2), (34, 16)])
        {
            BinaryPrimitives.WriteInt16LittleEndian(wav.AsSpan(at), value);
        }

        MemoryMarshal.AsBytes<short>(samples).CopyTo(wav.AsSpan(44));
        return wav;
    }
}
