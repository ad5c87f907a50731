using Microsoft.Win32.SafeHandles;

namespace Ser.Audio;

/// <summary>
/// Reads recordings. RIFF/WAVE is decoded here; other formats (FLAC, Ogg, MP3, AIFF, RF64, ...) need libsndfile.
/// Headers are not trusted: allocations are bounded by the length of the file.
/// </summary>
public static class AudioFile
{
    private const int MaxChannels = 1024;
    private const int MaxSampleRate = 10_000_000;

    /// <summary>Name and version of libsndfile; null where it is not installed and only RIFF/WAVE can be read.</summary>
    public static string? LibraryVersion => SndFile.Installed?.Version;

    /// <summary>Reads the header. Of floating-point encodings it also checks that all samples are finite.</summary>
    /// <exception cref="AudioException">
    /// The file is missing, empty, truncated or of an unknown format, or it has no samples or samples that are not finite.
    /// </exception>
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
        return waveform.ToMono();
    }

    internal static AudioInfo Inspect(string path, SndFile? library)
    {
        return Open(path, InspectWav, InspectOther);

        AudioInfo InspectWav(SafeFileHandle file)
        {
            var header = WavHeader.Read(path, file);
            CheckInfo(path, header.Info);
            if (header.IsFloat)
            {
                CheckFinite(path, WavSamples.Decode(path, file, header), header.Info.Channels);
            }

            return header.Info;
        }

        AudioInfo InspectOther()
        {
            var installed = Require(path, library);
            var info = installed.Inspect(path);
            CheckInfo(path, info);
            if (info.Encoding is "FLOAT" or "DOUBLE")
            {
                CheckFinite(path, installed.Read(path).Samples, info.Channels);
            }

            return info;
        }
    }

    internal static Waveform Read(string path, SndFile? library)
    {
        return Open(path, ReadWav, ReadOther);

        Waveform ReadWav(SafeFileHandle file)
        {
            var header = WavHeader.Read(path, file);
            var info = header.Info;
            CheckInfo(path, info);
            float[] samples = WavSamples.Decode(path, file, header);
            if (header.IsFloat)
            {
                CheckFinite(path, samples, info.Channels);
            }

            return new Waveform(samples, info.Channels, info.SampleRate);
        }

        Waveform ReadOther()
        {
            var waveform = Require(path, library).Read(path);
            CheckInfo(path, new AudioInfo("", "", waveform.SampleRate, waveform.Channels, waveform.Frames));
            CheckFinite(path, waveform.Samples, waveform.Channels);
            return waveform;
        }
    }

    private static T Open<T>(string path, Func<SafeFileHandle, T> readWav, Func<T> readOther)
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
                return readWav(file);
            }
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AudioException(path, "there is no such file", "check the corpus folder and the name", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            string what = $"the file cannot be read ({error.Message})";
            throw new AudioException(path, what, "it should be a regular file that this user may read", error);
        }

        return readOther();
    }

    private static SndFile Require(string path, SndFile? library) => library
        ?? throw new AudioException(
            path,
            "this is not a RIFF/WAVE file, and libsndfile, which reads other formats, is not installed",
            "convert the file to WAV, or install libsndfile (Debian and Ubuntu: apt-get install libsndfile1)");

    private static void CheckInfo(string path, AudioInfo info)
    {
        if (info.Channels is < 1 or > MaxChannels)
        {
            throw new AudioException(path, $"the header declares {info.Channels} channels", $"1 to {MaxChannels} are supported");
        }

        if (info.SampleRate is < 1 or > MaxSampleRate)
        {
            string what = $"the header declares a sample rate of {info.SampleRate} Hz";
            throw new AudioException(path, what, $"1 to {MaxSampleRate} Hz are supported");
        }

        if (info.Frames <= 0)
        {
            throw new AudioException(path, "the recording has no samples", "copy it again from its source, or exclude it from the corpus");
        }
    }

    private static void CheckFinite(string path, float[] samples, int channels)
    {
        int bad = Array.FindIndex(samples, sample => !float.IsFinite(sample));
        if (bad >= 0)
        {
            string what = $"the sample of frame {bad / channels} is {samples[bad]}";
            throw new AudioException(path, what, "samples must be finite numbers: export the recording again");
        }
    }
}
