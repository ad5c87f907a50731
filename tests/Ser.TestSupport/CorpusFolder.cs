using System.Buffers.Binary;

namespace Ser.TestSupport;

/// <summary>A folder in which one test builds its corpus; deleted after the test.</summary>
public sealed class CorpusFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The folder.</summary>
    public string Root => _folder.Path;

    /// <summary>A path in the folder.</summary>
    public string At(string name) => _folder.At(name);

    /// <summary>Writes a text file.</summary>
    public string Text(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>Writes 16-bit mono at 16 kHz whose samples come from the file's own name, so that no two of a corpus are alike.</summary>
    public string Wav(string name, int frames = 1600)
    {
        string own = Path.GetFileName(name);
        return Bytes(name, WavBytes.FromSamples([.. Enumerable.Range(0, frames).Select(i => (short)(own[i % own.Length] * (i % 100)))]));
    }

    /// <summary>Writes 32-bit floating point mono at 16 kHz.</summary>
    public string FloatWav(string name, params float[] values)
    {
        var samples = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(samples.AsSpan(4 * i), values[i]);
        }

        return Bytes(name, WavBytes.Wav(3, 32, 1, 16_000, samples));
    }

    /// <summary>Writes a file.</summary>
    public string Bytes(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
