using Microsoft.Win32.SafeHandles;

namespace Ser.Audio;

/// <summary>
/// Reads recordings: RIFF/WAVE by a reader of our own, everything else (FLAC, Ogg, MP3, AIFF, RF64, ...) through libsndfile where it is installed.
/// Headers are not trusted: nothing is allocated that the file's own length does not warrant.
/// </summary>
public static class AudioFile
{
    private const int MostChannels = 1024;
    private const int MostSampleRate = 10_000_000;

    /// <summary>libsndfile as it names itself; null where it is not installed and only RIFF/WAVE can be read.</summary>
    public static string? LibraryVersion => SndFile.Installed?.Version;

    /// <summary>Reads the header, and the samples only where they might not be finite numbers (floating-point encodings).</summary>
    /// <exception cref="AudioException">The file is missing, empty, cut short, has no samples, samples that are not finite, or is of an unknown format.</exception>
    public static AudioInfo Inspect(string path) => Inspect(path, SndFile.Installed);

    /// <summary>Decodes a whole recording.</summary>
    /// <exception cref="AudioException">As <see cref="Inspect(string)"/>.</exception>
    public static Waveform Read(string path) => Read(path, SndFile.Installed);

    /// <summary>Decodes a whole recording to the mean of its channels, [frames].</summary>
    /// <exception cref="AudioException">As <see cref="Inspect(string)"/>.</exception>
    public static float[] ReadMono(string path, out int sampleRate)
    {
        var waveform = Read(path);
        sampleRate = waveform.SampleRate;
        return waveform.Mono();
    }

    internal static AudioInfo Inspect(string path, SndFile? library) => Open(
        path,
        file =>
        {
            var header = WavHeader.Read(path, file);
            var info = Sound(path, header.Info);
            if (header.IsFloat)
            {
                Finite(path, WavSamples.Decode(path, file, header), info.Channels);
            }

            return info;
        },
        () =>
        {
            var info = Sound(path, Library(path, library).Inspect(path));
            if (info.Encoding is "FLOAT" or "DOUBLE")
            {
                Finite(path, library!.Read(path).Samples, info.Channels);
            }

            return info;
        });

    internal static Waveform Read(string path, SndFile? library) => Open(
        path,
        file =>
        {
            var header = WavHeader.Read(path, file);
            var info = Sound(path, header.Info);
            float[] samples = WavSamples.Decode(path, file, header);
            if (header.IsFloat)
            {
                Finite(path, samples, info.Channels);
            }

            return new Waveform(samples, info.Channels, info.SampleRate);
        },
        () =>
        {
            var waveform = Library(path, library).Read(path);
            Sound(path, new AudioInfo("", "", waveform.SampleRate, waveform.Channels, waveform.Frames));
            Finite(path, waveform.Samples, waveform.Channels);
            return waveform;
        });

    private static T Open<T>(string path, Func<SafeFileHandle, T> wav, Func<T> other)
    {
        try
        {
            using var file = File.OpenHandle(path);
            if (RandomAccess.GetLength(file) == 0)
            {
                throw new AudioException(path, "the file is empty", "copy the recording again from its source");
            }

            if (WavHeader.IsWav(file))
            {
                return wav(file);
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AudioException(path, "there is no such file", "check the corpus folder and the name", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new AudioException(path, $"the file cannot be read ({error.Message})", "it should be a regular file that this user may read", error);
        }

        return other();
    }

    private static SndFile Library(string path, SndFile? library) => library
        ?? throw new AudioException(path, "this is not a RIFF/WAVE file, and libsndfile, which reads other formats, is not installed",
            "convert the file to WAV, or install libsndfile (Debian and Ubuntu: apt-get install libsndfile1)");

    private static AudioInfo Sound(string path, AudioInfo info)
    {
        if (info.Channels is < 1 or > MostChannels)
        {
            throw new AudioException(path, $"the header says {info.Channels} channels", $"1 to {MostChannels} can be read");
        }

        if (info.SampleRate is < 1 or > MostSampleRate)
        {
            throw new AudioException(path, $"the header says a sample rate of {info.SampleRate} Hz", $"1 to {MostSampleRate} Hz can be read");
        }

        return info.Frames > 0 ? info : throw new AudioException(path, "the recording has no samples", "copy it again from its source, or leave it out of the corpus");
    }

    private static void Finite(string path, float[] samples, int channels)
    {
        int bad = Array.FindIndex(samples, sample => !float.IsFinite(sample));
        if (bad >= 0)
        {
            throw new AudioException(path, $"the sample of frame {bad / channels} is {samples[bad]}", "samples must be finite numbers: export the recording again");
        }
    }
}
