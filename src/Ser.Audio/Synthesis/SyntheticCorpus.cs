using System.Buffers.Binary;
using Ser.Domain.Randomness;

namespace Ser.Audio.Synthesis;

/// <summary>Options of the synthetic corpus.</summary>
public sealed record SyntheticOptions
{
    /// <summary>Seed of voices and utterances.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Number of utterances per speaker and emotion.</summary>
    public int UtterancesPerClass { get; init; } = 6;
}

/// <summary>
/// A synthetic corpus, so that the whole method can be run without any download: ten speakers in five sessions, and four emotions that
/// differ, with overlap, in prosody. A file name such as Syn01F_ang_03.wav has the session and the sex of the speaker, the emotion (ang,
/// hap, sad, neu) and a number from 01. Recordings are 16 kHz, 16-bit PCM, mono, and 0.8 to 1.6 s long.
/// </summary>
public static class SyntheticCorpus
{
    internal const int SampleRate = 16_000;
    private const int Revision = 2; // must be increased when the samples change
    private const string Stamp = "synthetic.txt";

    /// <summary>Writes <paramref name="folder"/>/wav atomically. Does nothing where it already exists and is complete.</summary>
    /// <exception cref="AudioException">A folder of that name has other contents.</exception>
    public static void Write(string folder, SyntheticOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.UtterancesPerClass, 1);
        string wav = Path.Combine(folder, "wav");
        string stamp = FormattableString.Invariant($"ser synthetic corpus, revision {Revision}, seed {options.Seed}, ")
            + FormattableString.Invariant($"{options.UtterancesPerClass} utterances a speaker and class\n");
        if (IsWritten(wav, stamp, options))
        {
            return;
        }

        string part = Path.Combine(folder, $".wav-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}");
        if (Directory.Exists(part))
        {
            Directory.Delete(part, recursive: true);
        }

        Directory.CreateDirectory(part);
        foreach (var (name, samples) in Utterances(options))
        {
            File.WriteAllBytes(Path.Combine(part, name + ".wav"), Encode(samples));
        }

        File.WriteAllText(Path.Combine(part, Stamp), stamp);
        if (Directory.Exists(wav) && !IsWritten(wav, stamp, options))
        {
            // The folder is a synthetic corpus with other options or missing files: IsWritten throws for folders without a stamp.
            Directory.Delete(wav, recursive: true);
        }

        try
        {
            Directory.Move(part, wav);
        }
        catch (IOException) when (IsWritten(wav, stamp, options))
        {
            Directory.Delete(part, recursive: true); // another process has written the same files first
        }
    }

    /// <summary>All utterances, ordered by speaker, emotion and number.</summary>
    internal static IEnumerable<(string Name, short[] Samples)> Utterances(SyntheticOptions options)
    {
        int index = 0;
        foreach (var voice in Voice.All(options.Seed))
        {
            foreach (var emotion in Emotion.All)
            {
                for (int number = 1; number <= options.UtterancesPerClass; number++)
                {
                    var random = new RandomStream(options.Seed, number, index, "synthetic utterance");
                    double[] samples = SpeechSynthesis.Synthesise(voice, emotion.Varied(random), random);
                    short[] pcm = Array.ConvertAll(samples, sample => (short)Math.Round(sample * 32767));
                    yield return ($"{voice.Name}_{emotion.Label}_{number:00}", pcm);
                }

                index++;
            }
        }
    }

    private static bool IsWritten(string wav, string stamp, SyntheticOptions options)
    {
        if (!Directory.Exists(wav))
        {
            return false;
        }

        string file = Path.Combine(wav, Stamp);
        if (!File.Exists(file))
        {
            throw new AudioException(wav, "the folder is not a synthetic corpus written by ser", "delete it, or specify another folder");
        }

        int expectedFiles = 10 * Emotion.All.Count * options.UtterancesPerClass;
        return File.ReadAllText(file) == stamp && Directory.GetFiles(wav, "*.wav").Length == expectedFiles;
    }

    private static byte[] Encode(short[] samples)
    {
        var bytes = new byte[44 + (2 * samples.Length)];
        var header = bytes.AsSpan();
        "RIFF"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(header[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[16..], 16);
        BinaryPrimitives.WriteInt16LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(header[22..], 1);
        BinaryPrimitives.WriteInt32LittleEndian(header[24..], SampleRate);
        BinaryPrimitives.WriteInt32LittleEndian(header[28..], 2 * SampleRate);
        BinaryPrimitives.WriteInt16LittleEndian(header[32..], 2);
        BinaryPrimitives.WriteInt16LittleEndian(header[34..], 16);
        "data"u8.CopyTo(header[36..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[40..], 2 * samples.Length);
        for (int i = 0; i < samples.Length; i++)
        {
            BinaryPrimitives.WriteInt16LittleEndian(header[(44 + (2 * i))..], samples[i]);
        }

        return bytes;
    }
}
