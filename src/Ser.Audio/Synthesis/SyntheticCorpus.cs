using System.Buffers.Binary;
using Ser.Domain.Randomness;

namespace Ser.Audio.Synthesis;

/// <summary>What decides the synthetic corpus.</summary>
public sealed record SyntheticOptions
{
    /// <summary>Seed of voices and utterances.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Utterances of each speaker in each of the four emotions.</summary>
    public int UtterancesPerClass { get; init; } = 6;
}

/// <summary>
/// A corpus of our own, so that the whole method runs with nothing to download: ten speakers in five sessions, four emotions told apart by prosody, with overlap.
/// Files are named as in Syn01F_ang_03.wav: session and sex of the speaker, emotion (ang, hap, sad, neu), number from 01. 16 kHz, PCM of 16 bits, mono, 0.8 to 1.6 s.
/// </summary>
public static class SyntheticCorpus
{
    internal const int SampleRate = 16_000;
    private const int Revision = 2; // raise it when the samples change
    private const string Stamp = "synthetic.txt";

    /// <summary>Writes <paramref name="folder"/>/wav, whole or not at all; does nothing where it is there already, and complete.</summary>
    /// <exception cref="AudioException">A folder of that name holds something else.</exception>
    public static void Write(string folder, SyntheticOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.UtterancesPerClass, 1);
        string wav = Path.Combine(folder, "wav");
        string stamp = FormattableString.Invariant($"ser synthetic corpus, revision {Revision}, seed {options.Seed}, {options.UtterancesPerClass} utterances a speaker and class\n");
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
            Directory.Delete(wav, recursive: true); // of other options, or with files missing: IsWritten has seen our stamp in it
        }

        try
        {
            Directory.Move(part, wav);
        }
        catch (IOException) when (IsWritten(wav, stamp, options))
        {
            Directory.Delete(part, recursive: true); // another process was first, with the same bits
        }
    }

    /// <summary>Names and samples of the whole corpus, by speaker, emotion and number.</summary>
    internal static IEnumerable<(string Name, short[] Samples)> Utterances(SyntheticOptions options)
    {
        int index = 0;
        foreach (var voice in Voice.All(options.Seed))
        {
            foreach (var emotion in Emotion.All)
            {
                for (int number = 1; number <= options.UtterancesPerClass; number++)
                {
                    var draw = new Draw(options.Seed, number, index, "synthetic utterance");
                    double[] samples = Speech.Say(voice, emotion.Varied(draw), draw);
                    yield return ($"{voice.Name}_{emotion.Label}_{number:00}", Array.ConvertAll(samples, sample => (short)Math.Round(sample * 32767)));
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
        return File.Exists(file)
            ? File.ReadAllText(file) == stamp && Directory.GetFiles(wav, "*.wav").Length == 10 * Emotion.All.Count * options.UtterancesPerClass
            : throw new AudioException(wav, "the folder is not a synthetic corpus that ser wrote", "delete it, or name another folder");
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
