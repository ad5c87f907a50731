using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Ser.Audio;

/// <summary>Decodes the samples of a RIFF/WAVE file to float, full scale at ±1.</summary>
internal static class WavSamples
{
    private static readonly float[] ALaw = [.. Enumerable.Range(0, 256).Select(code => DecodeALaw(code) / 32768f)];
    private static readonly float[] MuLaw = [.. Enumerable.Range(0, 256).Select(code => DecodeMuLaw(code) / 32768f)];

    /// <summary>Returns [frames × channels], interleaved.</summary>
    internal static float[] Decode(string path, SafeFileHandle file, WavHeader header)
    {
        long count = header.Info.Frames * header.Info.Channels;
        if (count > Array.MaxLength)
        {
            string cure = $"at most {Array.MaxLength} are supported: cut it into utterances";
            throw new AudioException(path, $"the recording has {count} samples", cure);
        }

        var samples = new float[count];
        var block = new byte[(int)Math.Min(count * header.SampleBytes, 16_384 * header.SampleBytes)];
        for (int done = 0; done < samples.Length;)
        {
            int now = Math.Min(samples.Length - done, block.Length / header.SampleBytes);
            var bytes = block.AsSpan(0, now * header.SampleBytes);
            Fill(path, file, bytes, header.DataStart + ((long)done * header.SampleBytes));
            Convert(header.Info.Encoding, bytes, samples.AsSpan(done, now));
            done += now;
        }

        return samples;
    }

    private static void Fill(string path, SafeFileHandle file, Span<byte> bytes, long offset)
    {
        for (int filled = 0; filled < bytes.Length;)
        {
            int read = RandomAccess.Read(file, bytes[filled..], offset + filled);
            if (read == 0)
            {
                const string Cure = "wait until it is completely written, then try again";
                throw new AudioException(path, "the file became shorter while it was read", Cure);
            }

            filled += read;
        }
    }

    private static void Convert(string encoding, ReadOnlySpan<byte> bytes, Span<float> samples)
    {
        switch (encoding)
        {
            case "PCM_U8":
                for (int i = 0; i < samples.Length; i++)
                {
                    samples[i] = (bytes[i] - 128) / 128f;
                }

                break;
            case "PCM_16":
                for (int i = 0; i < samples.Length; i++)
                {
                    samples[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[(2 * i)..]) / 32768f;
                }

                break;
            case "PCM_24":
                for (int i = 0; i < samples.Length; i++)
                {
                    samples[i] = (bytes[3 * i] | (bytes[(3 * i) + 1] << 8) | ((sbyte)bytes[(3 * i) + 2] << 16)) / 8388608f;
                }

                break;
            case "PCM_32":
                for (int i = 0; i < samples.Length; i++)
                {
                    samples[i] = (float)(BinaryPrimitives.ReadInt32LittleEndian(bytes[(4 * i)..]) / 2147483648.0);
                }

                break;
            case "FLOAT":
                for (int i = 0; i < samples.Length; i++)
                {
                    samples[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(4 * i)..]);
                }

                break;
            case "DOUBLE":
                for (int i = 0; i < samples.Length; i++)
                {
                    samples[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes[(8 * i)..]);
                }

                break;
            default:
                float[] table = encoding == "ALAW" ? ALaw : MuLaw;
                for (int i = 0; i < samples.Length; i++)
                {
                    samples[i] = table[bytes[i]];
                }

                break;
        }
    }

    // ITU-T G.711: every second bit is inverted, 3 bits of exponent, 4 of mantissa; scaled to 16 bits.
    private static int DecodeALaw(int code)
    {
        int plain = code ^ 0x55;
        int exponent = (plain >> 4) & 7;
        int magnitude = ((plain & 15) << 4) + 8;
        magnitude = exponent == 0 ? magnitude : (magnitude + 0x100) << (exponent - 1);
        return (plain & 0x80) != 0 ? magnitude : -magnitude;
    }

    // ITU-T G.711: all bits are inverted, bias 33 (132 at 16 bits).
    private static int DecodeMuLaw(int code)
    {
        int plain = ~code & 0xFF;
        int magnitude = ((((plain & 15) << 3) + 132) << ((plain >> 4) & 7)) - 132;
        return (plain & 0x80) != 0 ? -magnitude : magnitude;
    }
}
