using System.Buffers.Binary;

namespace Ser.Learning.Tests.Corpora;

/// <summary>A folder of its own for one test, in which it builds its corpus.</summary>
internal sealed class CorpusFolder : IDisposable
{
    internal string Root { get; } = Directory.CreateTempSubdirectory("ser-corpus-").FullName;

    internal string At(string name) => Path.Combine(Root, name);

    internal string Text(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>16-bit mono at 16 kHz whose samples come from the file's own name: no two of a corpus are alike.</summary>
    internal string Wav(string name, int frames = 1600)
    {
        string own = Path.GetFileName(name);
        var samples = new byte[2 * frames];
        for (int i = 0; i < frames; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(samples.AsSpan(2 * i), (short)(own[i % own.Length] * (i % 100)));
        }

        return Bytes(name, Riff(1, 16, 16000, samples));
    }

    internal string FloatWav(string name, params float[] values)
    {
        var samples = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(samples.AsSpan(4 * i), values[i]);
        }

        return Bytes(name, Riff(3, 32, 16000, samples));
    }

    internal string Bytes(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static byte[] Riff(short tag, short bits, int rate, byte[] samples)
    {
        var bytes = new byte[44 + samples.Length];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), 36 + samples.Length);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), tag);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), rate);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), rate * bits / 8);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), (short)(bits / 8));
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), bits);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), samples.Length);
        samples.CopyTo(bytes, 44);
        return bytes;
    }
}
